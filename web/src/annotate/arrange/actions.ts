/** Keys of what is locked, shown alone, stacked and filtered. */
import { notifyDone } from "../../components/notify";
import type { Stacking } from "../../canvas";
import { arrange as text } from "../../strings/arrange";
import type { Action, Desk, Group } from "../actions";

const act = (
  group: Group,
  id: keyof typeof text.labels,
  keys: readonly string[],
  run: (desk: Desk) => unknown,
): Action => ({
  id,
  group,
  label: text.labels[id],
  keys,
  run,
});

/** Says what is locked now: it cannot be seen in the picture. */
function lock({ editor }: Desk, all: boolean): void {
  const done = all ? editor.toggleAllLocked() : editor.toggleLocked(editor.selected);
  const { size } = editor.state.locked;
  if (!done) notifyDone(text.selectFirst);
  else notifyDone(size === 0 ? text.nothingLocked : text.lockedMany(size));
}

function isolate({ editor }: Desk): void {
  if (!editor.toggleIsolated()) notifyDone(text.selectFirst);
}

function stack({ editor }: Desk, how: Stacking): void {
  if (editor.selected.size === 0) notifyDone(text.selectFirst);
  else if (!editor.stack(how)) notifyDone(text.stackedAlready);
}

export const ARRANGING: readonly Action[] = [
  act("edit", "lock", ["L"], (desk) => lock(desk, false)),
  act("edit", "lockAll", ["Shift+K"], (desk) => lock(desk, true)),
  act("edit", "front", ["Shift+Home"], (desk) => stack(desk, "front")),
  act("edit", "forward", ["Shift+PageUp"], (desk) => stack(desk, "forward")),
  act("edit", "backward", ["Shift+PageDown"], (desk) => stack(desk, "backward")),
  act("edit", "back", ["Shift+End"], (desk) => stack(desk, "back")),
  act("view", "isolate", ["Shift+Z"], isolate),
  act("view", "filter", ["Shift+E"], (desk) => desk.filter()),
];
