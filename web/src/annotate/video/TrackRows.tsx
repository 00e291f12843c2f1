/** A row for each track: its name, from where to where it is seen, and its key frames. Only rows in view are drawn. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, useEffect } from "react";
import type { PointerEvent, RefObject } from "react";

import type { Track } from "../../canvas";
import { annotate as text } from "../../strings/annotate";
import { video as words } from "../../strings/video";
import shared from "../annotate.module.css";
import type { Classes } from "../useClasses";
import { laneOf, meantFrame, rowHeight } from "./lanes";
import type { Window } from "./lanes";
import type { Reel } from "./reel";
import { useReel } from "./useReel";
import css from "./video.module.css";

interface Props {
  readonly reel: Reel;
  readonly tracks: readonly Track[];
  /** Their numbers among all tracks. */
  readonly numbers: ReadonlyMap<string, number>;
  readonly classes: Classes;
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly window: Window;
  readonly frames: number;
}

export function TrackRows({ reel, tracks, numbers, classes, scroller, window: shown, frames }: Props) {
  const chosen = useReel(reel, (state) => state.chosen);
  const height = rowHeight();
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing here is memoised on the virtualiser's functions
  const rows = useVirtualizer({
    count: tracks.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 6,
    scrollPaddingStart: height > 28 ? 44 : 26,
    getItemKey: (index) => tracks[index]?.id ?? index,
  });
  const [only, more] = chosen;
  const index = more === undefined ? tracks.findIndex(({ id }) => id === only) : -1;
  useEffect(() => {
    if (index >= 0) rows.scrollToIndex(index);
  }, [index, rows]);
  if (tracks.length === 0) return <p className={css.none}>{numbers.size > 0 ? words.allFiltered : words.noTracks}</p>;
  return (
    <ul
      aria-label={words.tracks}
      style={{ position: "relative", height: rows.getTotalSize(), margin: 0, padding: 0, listStyle: "none" }}
    >
      {rows.getVirtualItems().map((item) => {
        const track = tracks[item.index];
        const style = track && classes.styles.get(track.class_id);
        return track ? (
          <li
            key={item.key}
            className={css.row}
            style={{ height, transform: `translateY(${item.start}px)` }}
            data-active={chosen.has(track.id)}
            aria-posinset={item.index + 1}
            aria-setsize={tracks.length}
          >
            <Row
              reel={reel}
              track={track}
              number={numbers.get(track.id) ?? 0}
              name={style?.name ?? text.objects.unknownClass}
              color={style?.color ?? "currentColor"}
              active={chosen.has(track.id)}
              frames={frames}
              from={shown.from}
              to={shown.to}
              scale={shown.scale}
            />
          </li>
        ) : null;
      })}
    </ul>
  );
}

interface RowProps extends Window {
  readonly reel: Reel;
  readonly track: Track;
  readonly number: number;
  readonly name: string;
  readonly color: string;
  readonly active: boolean;
  readonly frames: number;
}

const Row = memo(function Row({ reel, track, number, name, color, active, frames, from, to, scale }: RowProps) {
  const choose = (add: boolean): void => reel.choose(add ? [...reel.chosen, track.id] : [track.id]);
  const meant = (event: PointerEvent<HTMLElement>): void => {
    const { left } = event.currentTarget.getBoundingClientRect();
    choose(event.shiftKey || event.ctrlKey || event.metaKey);
    reel.seek(meantFrame(track, Math.floor((event.clientX - left) / scale), scale));
  };
  return (
    <>
      <button
        type="button"
        className={css.head}
        aria-pressed={active}
        aria-label={words.trackRow(name, number)}
        onClick={(event) => choose(event.shiftKey || event.ctrlKey || event.metaKey)}
        onDoubleClick={() => reel.seek(track.keyframes[0]?.frame ?? 0)}
      >
        <span className={shared.swatch} style={{ background: color }} aria-hidden />
        <span className={shared.label}>{name}</span>{" "}
        <span className={shared.aside} style={{ padding: 0 }}>
          {number}
        </span>
      </button>
      <div className={css.lane} style={{ width: frames * scale }} onPointerDown={meant}>
        <Lane track={track} name={name} number={number} color={color} frames={frames} window={{ from, to, scale }} />
      </div>
    </>
  );
});

interface LaneProps extends Pick<RowProps, "track" | "name" | "number" | "color" | "frames"> {
  readonly window: Window;
}

function Lane({ track, name, number, color, frames, window: shown }: LaneProps) {
  const height = rowHeight();
  const { seen, occluded, keys, ends } = laneOf(track, frames, shown, height);
  const line = { stroke: "var(--mantine-color-text)", strokeWidth: 1 };
  return (
    <svg
      role="img"
      aria-label={words.lane(name, number)}
      height={height}
      width={Math.max(0, (shown.to - shown.from) * shown.scale)}
      style={{ left: shown.from * shown.scale }}
    >
      <path d={seen} fill={color} opacity={0.55} />
      <path d={occluded} fill={color} fillOpacity={0.15} stroke={color} strokeDasharray="3 3" />
      <path d={keys} fill={color} {...line} />
      <path d={ends} fill="var(--raised)" {...line} />
    </svg>
  );
}
