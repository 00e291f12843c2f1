/** Who changed what on the tracks of this video and when: look at it as it was, or take one save back as a whole. */
import { IconArrowBackUp } from "@tabler/icons-react";

import { video as words } from "../../strings/video";
import { SavedList } from "../history/SavedList";
import { IconKey } from "../IconKey";
import { useTrackHistory } from "./past";
import type { TrackPast, TrackStep } from "./past";

const { history: text } = words;

interface Props {
  readonly videoId: string;
  readonly past: TrackPast;
  readonly readOnly: boolean;
}

export function TrackHistory({ videoId, past, readOnly }: Props) {
  const takeBack = (step: TrackStep) => (
    <IconKey
      small
      plain
      icon={IconArrowBackUp}
      label={text.takeBack(step.entry.revision)}
      onClick={() => past.takeBack(step)}
    />
  );
  return (
    <SavedList
      title={text.title}
      none={text.none}
      log={useTrackHistory(videoId)}
      shown={past.step}
      onShow={past.show}
      onClose={past.close}
      {...(readOnly ? {} : { beside: takeBack })}
    />
  );
}
