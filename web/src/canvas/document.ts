/** One picture with its annotations, their index and the steps taken; lives as long as the session wants to undo. */
import type { Size } from "./geometry/types";
import { SpatialIndex } from "./spatial";
import type { Annotation } from "./store/changes";
import { History } from "./store/history";
import type { Steps } from "./store/history";
import { Store } from "./store/store";
import type { Drafts } from "./toolbox";

export class Document {
  readonly id: string;
  readonly picture: Size;
  readonly store: Store;
  readonly history: Steps;
  readonly index: SpatialIndex;
  /** What is half drawn here and waits for its tool. */
  readonly drafts: Drafts = new Map();

  constructor(id: string, picture: Size, annotations: Iterable<Annotation> = [], steps?: Steps) {
    this.id = id;
    this.picture = picture;
    this.store = new Store(annotations);
    this.index = new SpatialIndex(this.store);
    this.history = steps ?? new History(this.store);
  }
}
