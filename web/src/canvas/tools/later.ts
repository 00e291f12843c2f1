/** What the hand does while a tool awaits an answer: done in turn when it is there. */
export class Later {
  /** Whether an answer is awaited. */
  awaits = false;
  #actions: (() => void)[] = [];

  get isEmpty(): boolean {
    return this.#actions.length === 0;
  }

  /** Puts something off; false where nothing is awaited. */
  puts(action: () => void): boolean {
    if (this.awaits) this.#actions.push(action);
    return this.awaits;
  }

  /** The answer is there: goes on until the next one is awaited. */
  goOn(): void {
    while (!this.awaits && this.#actions.length > 0) this.#actions.shift()?.();
  }

  drop(): void {
    [this.awaits, this.#actions] = [false, []];
  }
}
