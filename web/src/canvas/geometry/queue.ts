/** A queue for whole, bounded steps of cost (Dial, 1969): one list for each cost, in a ring. */
import { at } from "../at";

const NONE = -1;
const UNKNOWN = 0xffffffff;

export class Queue {
  readonly #costs: Uint32Array;
  readonly #done: Uint8Array;
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  /** The first of each list; the lists lie in a ring, longer than the dearest step. */
  readonly #first: Int32Array;
  #cost = 0;
  #waiting = 0;

  /** For things from 0 to `size - 1`, none of them more than `dearest` away from the one before. */
  constructor(size: number, dearest: number) {
    this.#costs = new Uint32Array(size).fill(UNKNOWN);
    this.#done = new Uint8Array(size);
    this.#next = new Int32Array(size);
    this.#previous = new Int32Array(size);
    this.#first = new Int32Array(dearest + 1).fill(NONE);
  }

  isDone(thing: number): boolean {
    return this.#done[thing] === 1;
  }

  costOf(thing: number): number {
    return at(this.#costs, thing);
  }

  /** Takes note of a way to a thing; false where a cheaper one, or one as cheap, is known. */
  offer(thing: number, cost: number): boolean {
    const known = at(this.#costs, thing);
    if (known <= cost) return false;
    if (known === UNKNOWN) this.#waiting++;
    else this.#unlink(thing, known);
    this.#costs[thing] = cost;
    this.#link(thing, cost);
    return true;
  }

  /** The nearest thing that was not taken yet; -1 where none waits. */
  take(): number {
    if (this.#waiting === 0) return NONE;
    const ring = this.#first.length;
    while (at(this.#first, this.#cost % ring) === NONE) this.#cost++;
    const thing = at(this.#first, this.#cost % ring);
    this.#unlink(thing, this.#cost);
    this.#waiting--;
    this.#done[thing] = 1;
    return thing;
  }

  #link(thing: number, cost: number): void {
    const place = cost % this.#first.length;
    const first = at(this.#first, place);
    this.#next[thing] = first;
    this.#previous[thing] = NONE;
    if (first !== NONE) this.#previous[first] = thing;
    this.#first[place] = thing;
  }

  #unlink(thing: number, cost: number): void {
    const [next, previous] = [at(this.#next, thing), at(this.#previous, thing)];
    if (previous === NONE) this.#first[cost % this.#first.length] = next;
    else this.#next[previous] = next;
    if (next !== NONE) this.#previous[next] = previous;
  }
}
