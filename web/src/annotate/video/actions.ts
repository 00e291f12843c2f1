/** Keys of the video editor, beside those that it shares with the editor of images. */
import { video as words } from "../../strings/video";
import type { Action, Desk } from "../actions";
import { duplicate } from "./clipboard";
import { merge, remove, split, toggleKey, toggleOccluded, toggleOutside } from "./film";
import type { Film } from "./film";
import { SPEEDS } from "./reel";

const { labels } = words;

const act = (id: keyof typeof labels, keys: readonly string[], run: (film: Film) => unknown): Action => ({
  id,
  group: "video",
  label: labels[id],
  keys,
  run: ({ film }) => (film ? run(film) : false),
});

function changeSpeed({ reel }: Film, by: 1 | -1): void {
  const place = SPEEDS.findIndex((speed) => speed === reel.state.speed);
  const speed = SPEEDS[Math.min(Math.max(place + by, 0), SPEEDS.length - 1)];
  if (speed !== undefined) reel.setSpeed(speed);
}

/** Delete also takes tracks away that the frame on show does not have; while something is drawn it takes back a corner. */
function removeChosen({ editor, film }: Desk): void {
  const { reel } = film ?? {};
  const unseen = reel?.chosen.filter((id) => !editor.get(id)) ?? [];
  if (!reel || unseen.length === 0 || editor.activeTool.busy) editor.removeSelection();
  else remove(reel);
}

/** Arrow keys move what is selected; without a selection they go through the frames. */
const arrow = (id: "arrowNext" | "arrowPrevious", key: string, by: number): Action => ({
  id,
  group: "video",
  label: labels[id],
  keys: [key],
  run: ({ editor, film }) => {
    if (editor.selected.size > 0) editor.nudge(by, 0);
    else film?.reel.step(by);
  },
});

export const VIDEO_ACTIONS: readonly Action[] = [
  act("play", ["Space"], ({ reel }) => reel.toggle()),
  act("nextFrame", ["D"], ({ reel }) => reel.step(1)),
  act("previousFrame", ["A"], ({ reel }) => reel.step(-1)),
  act("nextFar", ["Shift+D", "PageDown"], ({ reel }) => reel.step(10)),
  act("previousFar", ["Shift+A", "PageUp"], ({ reel }) => reel.step(-10)),
  act("firstFrame", ["Home"], ({ reel }) => reel.seek(0)),
  act("lastFrame", ["End"], ({ reel }) => reel.seek(reel.document.frames - 1)),
  act("nextKey", ["R"], ({ reel }) => reel.stepKey(1)),
  act("previousKey", ["E"], ({ reel }) => reel.stepKey(-1)),
  arrow("arrowNext", "ArrowRight", 1),
  arrow("arrowPrevious", "ArrowLeft", -1),
  act("typeFrame", ["`"], ({ typeFrame }) => typeFrame()),
  act("faster", ["}"], (film) => changeSpeed(film, 1)),
  act("slower", ["{"], (film) => changeSpeed(film, -1)),
  act("keyFrame", ["K"], ({ reel }) => toggleKey(reel)),
  act("outside", ["O"], ({ reel }) => toggleOutside(reel)),
  act("occluded", ["Q"], ({ reel }) => toggleOccluded(reel)),
  act("splitTrack", ["Alt+M"], ({ reel }) => split(reel)),
  act("mergeTracks", ["M"], ({ reel }) => merge(reel)),
  act("fromHere", ["Alt+G"], ({ reel }) => reel.toggleFromHere()),
  act("duplicateTrack", ["Ctrl+D"], ({ reel }) => duplicate(reel)),
  act("follow", ["Ctrl+B"], ({ follow }) => follow(false)),
  act("followBack", ["Alt+B"], ({ follow }) => follow(true)),
  { id: "removeTrack", group: "video", label: labels.removeTrack, keys: ["Delete", "Backspace"], run: removeChosen },
];
