/** The dialogs of the video editor: its keys, their settings, and what was changed in two places. */
import { boundsOf, seenAt } from "../../canvas";
import type { Track } from "../../canvas";
import { annotate } from "../../strings/annotate";
import { video as words } from "../../strings/video";
import { ConflictDialog } from "../ConflictDialog";
import { HelpSheet } from "../HelpSheet";
import { KeySettings } from "../keymap/KeySettings";
import type { Classes } from "../useClasses";
import type { VideoEntry } from "./session";

interface Props {
  readonly entry: VideoEntry | undefined;
  readonly classes: Classes;
  readonly help: boolean;
  readonly keys: boolean;
  readonly choosing: boolean;
  readonly onHelp: (open: boolean) => void;
  readonly onKeys: (open: boolean) => void;
  readonly onChoosing: (open: boolean) => void;
}

export function VideoDialogs({ entry, classes, help, keys, choosing, onHelp, onKeys, onChoosing }: Props) {
  const tell = (track: Track): string => {
    const { class_id, keyframes } = track;
    const name = classes.styles.get(class_id)?.name ?? annotate.objects.unknownClass;
    const said = words.tellTrack(name, keyframes[0]?.frame ?? 0, keyframes.at(-1)?.frame ?? 0, keyframes.length);
    const seen = entry && seenAt(track, entry.document.frame);
    if (!seen) return said;
    const [x0, y0, x1, y1] = boundsOf(seen.geometry).map(Math.round) as [number, number, number, number];
    return `${said}, ${annotate.conflict.place(x1 - x0, y1 - y0, x0, y0)}`;
  };
  return (
    <>
      <HelpSheet
        opened={help}
        onClose={() => onHelp(false)}
        onSettings={() => {
          onHelp(false);
          onKeys(true);
        }}
      />
      <KeySettings opened={keys} classes={classes} onClose={() => onKeys(false)} />
      {entry && <ConflictDialog queue={entry.queue} tell={tell} opened={choosing} onClose={() => onChoosing(false)} />}
    </>
  );
}
