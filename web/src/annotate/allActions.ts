/** Every action of every editor, by its name. */
import { ACTIONS } from "./actions";
import type { Action, ActionId } from "./actions";
import { VIDEO_ACTIONS } from "./video/actions";

export const actionById: ReadonlyMap<ActionId, Action> = new Map(
  [...ACTIONS, ...VIDEO_ACTIONS].map((action) => [action.id, action]),
);
