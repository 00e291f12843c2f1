/**
 * A list taller than a browser can lay out (Chromium ends at about 33 million pixels, Firefox at half of that). What is
 * laid out is at most `MOST` high. Small steps move the list pixel by pixel; dragging the bar goes to the same share of
 * both. Where they have drifted apart, `rest` brings the bar back to where the list stands.
 */
export const MOST = 8_000_000;

/** What is scrolled, as the browser lays it out. */
export interface Box {
  readonly scrollTop: number;
  readonly scrollHeight: number;
  readonly clientHeight: number;
}

/** How high a list of so many pixels is laid out. */
export const laidOut = (total: number): number => Math.min(total, MOST);

export class Tall {
  /** How much further down the list is than what is laid out. */
  shift = 0;
  /** What is not laid out. */
  private extra = 0;
  private last = 0;

  fit(total: number): void {
    this.extra = total - laidOut(total);
    this.shift = Math.min(this.shift, this.extra);
  }

  /** Whether the list is taller than what is laid out. */
  get isTall(): boolean {
    return this.extra > 0;
  }

  /** Where the list stands once the box was scrolled; `to` is where to put the box instead, at one of its ends. */
  moved(box: Box): { offset: number; to?: number } {
    const top = box.scrollTop;
    const step = Math.abs(top - this.last);
    this.last = top;
    if (!this.isTall) return { offset: top };
    const room = roomOf(box);
    if (step > jumpOf(box)) this.shift = (this.extra * top) / room;
    const offset = top + this.shift;
    const isStuck = (top <= 0 && this.shift > 0) || (top >= room && this.shift < this.extra);
    if (!isStuck) return { offset };
    const to = this.place(offset, box);
    if (to !== top) return { offset, to };
    // Less than a pixel of the bar is left.
    this.shift = top <= 0 ? 0 : this.extra;
    return { offset: top + this.shift };
  }

  /** Where to put the box so that the list stands there. */
  place(offset: number, box: Box): number {
    const room = roomOf(box);
    const goal = Math.max(0, Math.min(offset, room + this.extra));
    const top = this.isTall ? Math.round((goal * room) / (room + this.extra)) : goal;
    this.shift = goal - top;
    this.last = top;
    return top;
  }

  /** Where to put the box now that nobody scrolls: the list stays where it is. */
  rest(box: Box): number {
    return this.isTall ? this.place(box.scrollTop + this.shift, box) : box.scrollTop;
  }
}

const roomOf = (box: Box): number => Math.max(1, box.scrollHeight - box.clientHeight);

/** More than a hand moves the list at once, and less than one pixel of the bar. */
const jumpOf = ({ clientHeight }: Box): number =>
  Math.max(1.5 * clientHeight, Math.min(8 * clientHeight, MOST / clientHeight / 2));
