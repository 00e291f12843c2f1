/** Keys of how pictures and shapes are shown. */
import { notifyDone } from "../../components/notify";
import { look } from "../../strings/look";
import type { Action, Desk } from "../actions";

const act = (id: string, label: string, keys: readonly string[], run: Action["run"]): Action => ({
  id,
  group: "view",
  label,
  keys,
  run,
});

const { labels } = look;

/** What a key has chosen is said: it may not be seen just now. */
function sayCrosshair({ editor }: Desk): void {
  editor.cycleCrosshair();
  notifyDone(`${look.crosshair}: ${look.crosshairs[editor.state.looks.crosshair]}`);
}

function sayLabels({ editor }: Desk): void {
  editor.cycleLabels();
  notifyDone(`${look.names}: ${look.namesOf[editor.state.looks.labels]}`);
}

export const LOOKING: readonly Action[] = [
  act("look", labels.settings, ["W", "F4"], (desk) => desk.look()),
  act("resetLook", labels.reset, ["Shift+W"], ({ editor }) => editor.resetLooks()),
  act("grid", labels.grid, ["G"], ({ editor }) => editor.toggleGrid()),
  act("navigator", labels.navigator, ["Shift+O"], ({ editor }) => editor.toggleNavigator()),
  act("crosshair", labels.crosshair, ["Shift+G"], sayCrosshair),
  act("labels", labels.labels, ["Shift+T", "T"], sayLabels),
];
