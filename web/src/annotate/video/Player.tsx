/** Playing, stepping, and what is done to the chosen tracks: the bar above the timeline. */
import { NativeSelect, TextInput } from "@mantine/core";
import {
  IconArrowsJoin2,
  IconCopyPlus,
  IconCut,
  IconDiamond,
  IconEyeX,
  IconGhost2,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerSkipBack,
  IconPlayerSkipForward,
  IconPlayerTrackNext,
  IconPlayerTrackPrev,
  IconRun,
  IconStepInto,
  IconStepOut,
  IconTrash,
} from "@tabler/icons-react";
import { useState } from "react";

import { clockText, keyAt, seenAt } from "../../canvas";
import { video as words } from "../../strings/video";
import { actionById } from "../allActions";
import type { Desk } from "../actions";
import { IconKey } from "../IconKey";
import type { IconKeyProps } from "../IconKey";
import { useEditor } from "../useEditor";
import { focusCanvas } from "../useShortcuts";
import { SPEEDS } from "./reel";
import type { Reel } from "./reel";
import { useReel, useTracks } from "./useReel";
import css from "./video.module.css";

interface Props {
  readonly reel: Reel;
  readonly desk: Desk;
}

/** The other way round. */
const IconRunBack: IconKeyProps["icon"] = (look) => <IconRun {...look} style={{ transform: "scaleX(-1)" }} />;

/** The field in which a frame is typed, for the key that goes there. */
export const FRAME_FIELD = "frame-field";

export function Player({ reel, desk }: Props) {
  const playing = useReel(reel, (state) => state.playing);
  const readOnly = useEditor(desk.editor, (state) => state.readOnly);
  const press = (id: string) => (): void => void actionById.get(id)?.run(desk);
  return (
    <div className={css.player} role="toolbar" aria-label={words.player}>
      <IconKey small icon={IconPlayerSkipBack} action="firstFrame" side="top" onClick={press("firstFrame")} />
      <IconKey small icon={IconPlayerTrackPrev} action="previousFrame" side="top" onClick={press("previousFrame")} />
      <IconKey
        small
        icon={playing ? IconPlayerPause : IconPlayerPlay}
        action="play"
        side="top"
        active={playing}
        onClick={press("play")}
      />
      <IconKey small icon={IconPlayerTrackNext} action="nextFrame" side="top" onClick={press("nextFrame")} />
      <IconKey small icon={IconPlayerSkipForward} action="lastFrame" side="top" onClick={press("lastFrame")} />
      <FrameField reel={reel} />
      <Speed reel={reel} />
      <span className={css.gap} />
      <IconKey small icon={IconStepOut} action="previousKey" side="top" onClick={press("previousKey")} />
      <IconKey small icon={IconStepInto} action="nextKey" side="top" onClick={press("nextKey")} />
      {!readOnly && <TrackKeys reel={reel} press={press} />}
    </div>
  );
}

function FrameField({ reel }: { readonly reel: Reel }) {
  const frame = useReel(reel, (state) => state.frame);
  const [typed, setTyped] = useState<string | null>(null);
  const last = reel.document.frames - 1;
  const done = (): void => {
    const wanted = Number(typed);
    if (typed !== null && typed.trim() !== "" && Number.isFinite(wanted)) reel.seek(wanted);
    setTyped(null);
  };
  return (
    <>
      <TextInput
        id={FRAME_FIELD}
        size="xs"
        w={62}
        inputMode="numeric"
        aria-label={words.position}
        classNames={{ input: css.number ?? "" }}
        value={typed ?? String(frame)}
        onFocus={(event) => event.currentTarget.select()}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onBlur={done}
        onKeyDown={(event) => {
          if (event.key === "Escape") setTyped(null);
          if (event.key === "Enter" || event.key === "Escape") focusCanvas();
        }}
      />
      <span className={css.time}>
        / {last} <span className={css.clock}>{clockText(reel.times[frame] ?? 0)}</span>
      </span>
    </>
  );
}

function Speed({ reel }: { readonly reel: Reel }) {
  const speed = useReel(reel, (state) => state.speed);
  return (
    <NativeSelect
      size="xs"
      w={70}
      aria-label={words.speed}
      title={words.speed}
      data={SPEEDS.map((value) => ({ value: String(value), label: `${value} ×` }))}
      value={String(speed)}
      onChange={(event) => {
        reel.setSpeed(Number(event.currentTarget.value));
        focusCanvas();
      }}
    />
  );
}

interface TrackKeysProps {
  readonly reel: Reel;
  readonly press: (id: string) => () => void;
}

/** What is done to the chosen tracks in this frame; the buttons tell how it is just now. */
function TrackKeys({ reel, press }: TrackKeysProps) {
  const frame = useReel(reel, (state) => state.frame);
  const ids = useReel(reel, (state) => state.chosen);
  useTracks(reel.document);
  const tracks = [...ids].flatMap((id) => reel.document.tracks.get(id) ?? []);
  const none = tracks.length === 0;
  const all = (test: (track: (typeof tracks)[number]) => boolean): boolean => !none && tracks.every(test);
  return (
    <>
      <span className={css.divider} />
      <IconKey
        small
        icon={IconDiamond}
        action="keyFrame"
        side="top"
        active={all((track) => keyAt(track, frame) !== undefined)}
        disabled={none}
        onClick={press("keyFrame")}
      />
      <IconKey
        small
        icon={IconEyeX}
        action="outside"
        side="top"
        active={all((track) => seenAt(track, frame) === null)}
        disabled={none}
        onClick={press("outside")}
      />
      <IconKey
        small
        icon={IconGhost2}
        action="occluded"
        side="top"
        active={all((track) => seenAt(track, frame)?.occluded === true)}
        disabled={none}
        onClick={press("occluded")}
      />
      <IconKey small icon={IconCut} action="splitTrack" side="top" disabled={none} onClick={press("splitTrack")} />
      <IconKey
        small
        icon={IconArrowsJoin2}
        action="mergeTracks"
        side="top"
        disabled={tracks.length < 2}
        onClick={press("mergeTracks")}
      />
      <IconKey
        small
        icon={IconCopyPlus}
        action="duplicateTrack"
        side="top"
        disabled={none}
        onClick={press("duplicateTrack")}
      />
      <IconKey small icon={IconRun} action="follow" side="top" disabled={none} onClick={press("follow")} />
      <IconKey small icon={IconRunBack} action="followBack" side="top" disabled={none} onClick={press("followBack")} />
      <IconKey small icon={IconTrash} action="removeTrack" side="top" disabled={none} onClick={press("removeTrack")} />
    </>
  );
}
