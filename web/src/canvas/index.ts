/** The annotation canvas: pure TypeScript, no framework and no network. The shell feeds it ChangeSets and listens. */
export type { Attributes, Defaults } from "./attributes";
export { toImage, toScreen, visiblePart } from "./camera";
export type { Camera } from "./camera";
export { Colours } from "./colours";
export type { Answer, Asked } from "./colours";
export type { Refusal } from "./combine";
export { carrying, pasting } from "./carry";
export { Document } from "./document";
export { Editor } from "./editor";
export { Emitter } from "./emitter";
export type { EditorEvents, EditorState } from "./editor";
export type { Waiting } from "./state";
export { areaOf, boundsOf, ringsOf, union } from "./geometry/shape";
export type { Bounds, Box, Geometry, Mask, Point, Polygon, RotatedBox, Size } from "./geometry/types";
export { newId } from "./ids";
export { CROSSHAIRS, isPlain, LABELS, PLAIN, RANGES } from "./looks";
export type { Level, Looks } from "./looks";
export { frameOf, isPartial, shrinkTo, stepTo } from "./overview";
export { inkOn } from "./render/paint";
export type { ClassStyle, Styles } from "./render/paint";
export type { Pixels } from "./render/picture";
export { samplerOf } from "./render/sampler";
export type { Source } from "./render/source";
export { sampledTiles } from "./render/tiled";
export { byPlace, isSure } from "./review";
export { isFiltering, NO_FILTER, passes } from "./sight";
export type { Filter } from "./sight";
export type { Stacking } from "./stacking";
export type { Steps } from "./steps";
export { changedId, changeSet, drawn, edited, isProposal, update } from "./store/changes";
export type { Annotation, AttributeValue, Change, ChangeSet, Item, Origin, Patch } from "./store/changes";
export { same } from "./store/same";
export { Store } from "./store/store";
export { keyOf } from "./tiles";
export type { Tile, TileSource } from "./tiles";
export type { BoxWay, Prompt, ToolKey, ToolName } from "./tools/tool";
export { copiesOf } from "./video/carry";
export { Clock, clockText, frameAt } from "./video/clock";
export { annotationOf, VideoDocument } from "./video/document";
export {
  besideKey,
  keyAt,
  keyFor,
  keyToggled,
  mergedWith,
  occludedToggled,
  outsideToggled,
  splitAt,
  withKeys,
} from "./video/edits";
export { seenAt } from "./video/interpolate";
export { reachOf, spansOf } from "./video/spans";
export { thinned } from "./video/thin";
export type { Placed } from "./video/thin";
export type { KeyFrame, Track } from "./video/types";
export { View } from "./view";
