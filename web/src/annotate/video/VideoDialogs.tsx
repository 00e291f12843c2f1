/** The dialogs of the video editor: its keys, their settings, and what was changed in two places. */
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
  const tell = ({ class_id, keyframes }: Track): string => {
    const name = classes.styles.get(class_id)?.name ?? annotate.objects.unknownClass;
    return words.tellTrack(name, keyframes[0]?.frame ?? 0, keyframes.at(-1)?.frame ?? 0, keyframes.length);
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
