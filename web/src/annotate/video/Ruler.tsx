/** The ruler of a timeline: a slider through the frames that shows a small picture of the one under the pointer. */
import { Portal } from "@mantine/core";
import { useEffect, useState } from "react";
import type { KeyboardEvent, PointerEvent } from "react";

import { clockText } from "../../canvas";
import { video as words } from "../../strings/video";
import { placeOf, ticks } from "./lanes";
import type { Window } from "./lanes";
import type { Reel } from "./reel";
import { useReel } from "./useReel";
import css from "./video.module.css";

interface Props {
  readonly reel: Reel;
  readonly window: Window;
  readonly width: number;
}

interface Spot {
  readonly frame: number;
  readonly x: number;
  readonly y: number;
}

const STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageDown: -10,
  PageUp: 10,
  Home: -Infinity,
  End: Infinity,
};

export function Ruler({ reel, window: shown, width }: Props) {
  const frame = useReel(reel, (state) => state.frame);
  const [spot, setSpot] = useState<Spot | null>(null);
  const last = reel.document.frames - 1;
  const spotOf = (event: PointerEvent<HTMLElement>): Spot => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    const wanted = Math.floor((event.clientX - left) / shown.scale);
    return { frame: Math.min(Math.max(wanted, 0), last), x: event.clientX, y: top };
  };
  const scrub = (event: PointerEvent<HTMLElement>): void => {
    const here = spotOf(event);
    setSpot(here);
    if (event.buttons & 1) reel.seek(here.frame);
  };
  const press = (event: KeyboardEvent): void => {
    const by = STEPS[event.key];
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    reel.seek(Math.min(Math.max(frame + by, 0), last));
  };
  return (
    <div
      className={css.ruler}
      style={{ width }}
      role="slider"
      tabIndex={0}
      aria-label={words.position}
      aria-valuemin={0}
      aria-valuemax={last}
      aria-valuenow={frame}
      aria-valuetext={words.frameOf(frame, reel.document.frames, clockText(reel.times[frame] ?? 0))}
      onKeyDown={press}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        scrub(event);
      }}
      onPointerMove={scrub}
      onPointerLeave={() => setSpot(null)}
      onPointerCancel={() => setSpot(null)}
    >
      {ticks(shown).map((at) => (
        <span key={at} className={css.tick} style={{ left: placeOf(at, { from: 0, scale: shown.scale }) }} aria-hidden>
          <span>{at}</span>
        </span>
      ))}
      {spot && <Preview reel={reel} spot={spot} />}
    </div>
  );
}

/** A hand that sweeps over the ruler asks for no picture until it slows down. */
const PATIENCE_MS = 60;

function Preview({ reel, spot: { frame, x, y } }: { readonly reel: Reel; readonly spot: Spot }) {
  const [shown, setShown] = useState(frame);
  useEffect(() => {
    const timer = window.setTimeout(() => setShown(frame), PATIENCE_MS);
    return () => window.clearTimeout(timer);
  }, [frame]);
  const { id, picture } = reel.document;
  const left = Math.min(Math.max(x, 92), document.documentElement.clientWidth - 92);
  return (
    <Portal>
      <div className={css.preview} style={{ left, top: y }} aria-hidden>
        <img
          src={`/api/v1/videos/${id}/frames/${shown}?width=160`}
          alt=""
          style={{ aspectRatio: `${picture.width} / ${picture.height}` }}
        />
        {frame} · {clockText(reel.times[frame] ?? 0)}
      </div>
    </Portal>
  );
}
