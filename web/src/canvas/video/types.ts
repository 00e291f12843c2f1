/** Objects of a video, field for field as `boxwright.domain.tracks` writes them. */
import type { Geometry } from "../geometry/types";
import type { Annotation } from "../store/changes";

/** What holds of an object from `frame` on; `outside`: it cannot be seen until the next key frame. */
export interface KeyFrame {
  readonly frame: number;
  readonly geometry: Geometry;
  readonly outside: boolean;
  readonly occluded: boolean;
  readonly attributes: Annotation["attributes"];
}

/** One object through a video; key frames are sorted, one a frame, at least one, all of one kind of shape. */
export interface Track {
  readonly id: string;
  readonly class_id: string;
  readonly keyframes: readonly KeyFrame[];
  readonly z: number;
  /** Those of the whole track; a key frame may say otherwise. */
  readonly attributes: Annotation["attributes"];
  readonly source: Annotation["source"];
  readonly author_id: string | null;
  readonly external_id: string | null;
}
