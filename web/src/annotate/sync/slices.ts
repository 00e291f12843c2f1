/** Long work on very many things in slices, so that the page answers a hand meanwhile. */

/** Milliseconds of a slice, and how many things it takes to be worth the trouble. */
const SLICE_MS = 8;
export const MANY = 300;

/** Lets the page do what else waits; one that nobody looks at waits for nothing. */
export function breath(): Promise<void> {
  if (document.hidden) return Promise.resolve();
  return new Promise((done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      done();
    };
    port2.postMessage(null);
  });
}

/** `make` of each of them. */
export async function sliced<T, R>(items: readonly T[], make: (item: T) => R): Promise<R[]> {
  const made: R[] = [];
  let until = performance.now() + SLICE_MS;
  for (const item of items) {
    made.push(make(item));
    if (performance.now() < until) continue;
    await breath();
    until = performance.now() + SLICE_MS;
  }
  return made;
}

/** Neighbours together, as many as `size`. */
export const chunks = <T>(items: readonly T[], size: number): (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
