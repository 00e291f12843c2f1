/** Work that can be left between two steps. */
export type Steps<T> = Generator<undefined, T>;

/** Does work to its end. */
export function finished<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
