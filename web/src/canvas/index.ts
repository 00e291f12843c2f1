/** The annotation canvas: pure TypeScript, no framework and no network. The shell feeds it ChangeSets and listens. */
export { toScreen } from "./camera";
export type { Camera } from "./camera";
export { Document } from "./document";
export { Editor } from "./editor";
export type { EditorEvents, EditorState } from "./editor";
export { boundsOf } from "./geometry/shape";
export type { Bounds, Box, Geometry, Mask, Point, Polygon, RotatedBox, Size } from "./geometry/types";
export { newId } from "./ids";
export { inkOn } from "./render/paint";
export type { ClassStyle, Styles } from "./render/paint";
export type { Pixels } from "./render/picture";
export { byPlace, isSure } from "./review";
export { changedId, changeSet, drawn, isProposal, update } from "./store/changes";
export type { Annotation, Change, ChangeSet, Origin, Patch } from "./store/changes";
export { same } from "./store/same";
export { Store } from "./store/store";
export type { BoxWay, ToolName } from "./tools/tool";
export { View } from "./view";
