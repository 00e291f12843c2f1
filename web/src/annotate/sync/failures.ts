/** How a save can fail. */
import type { Item } from "../../canvas";
import type { Remote } from "./wire";

/** Nobody answered, or the server cannot right now: worth another try. */
export class Offline extends Error {}

/** The picture has a newer revision than the one the edits were based on; the server may have said which. */
export class Stale extends Error {
  readonly current: Remote<Item> | undefined;

  constructor(message = "", current?: Remote<Item>) {
    super(message);
    this.current = current;
  }
}

/** The server will not take this set; its words say why. */
export class Refused extends Error {}
