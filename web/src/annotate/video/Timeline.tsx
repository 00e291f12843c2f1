/** The video as a line: a ruler to go through it, and a row for each track with its key frames. */
import { IconChevronDown, IconChevronUp, IconZoomIn, IconZoomOut } from "@tabler/icons-react";
import { useElementSize, useMergedRef } from "@mantine/hooks";
import { useEffect, useRef, useState } from "react";
import type { RefObject } from "react";

import { video as words } from "../../strings/video";
import type { Desk } from "../actions";
import { IconKey } from "../IconKey";
import type { Classes } from "../useClasses";
import { useEditor } from "../useEditor";
import { placeOf, WIDEST } from "./lanes";
import type { Window } from "./lanes";
import { Player } from "./Player";
import type { Reel } from "./reel";
import { Ruler } from "./Ruler";
import { TrackRows } from "./TrackRows";
import { useTracks } from "./useReel";
import css from "./video.module.css";

interface Props {
  readonly reel: Reel;
  readonly desk: Desk;
  readonly classes: Classes;
}

const ZOOM = 1.6;

export function Timeline({ reel, desk, classes }: Props) {
  const all = useTracks(reel.document);
  const { classId, source } = useEditor(reel.editor, (state) => state.filter);
  const shownTracks = all.filter(
    (track) => (classId === null || track.class_id === classId) && (source === null || track.source === source),
  );
  const numbers = new Map(all.map(({ id }, index) => [id, index + 1]));
  const [folded, setFolded] = useState(false);
  const [zoom, setZoom] = useState(1);
  const { ref, width } = useElementSize<HTMLDivElement>();
  const scroller = useRef<HTMLDivElement>(null);
  const both = useMergedRef(ref, scroller);
  const head = window.matchMedia("(max-width: 61.99em)").matches ? 132 : 176;
  const { frames } = reel.document;
  const fitting = Math.max(width - head, 1) / frames;
  const scale = Math.max(fitting, Math.min(fitting * zoom, WIDEST));
  const shown = useShown(scroller, Math.max(width - head, 1), frames, scale);
  const change = (factor: number): void => setZoom(Math.min(Math.max(zoom * factor, 1), Math.max(1, WIDEST / fitting)));
  usePlayheadInView(reel, scroller, scale, width - head);
  return (
    <section className={css.line} aria-label={words.timeline}>
      <Player reel={reel} desk={desk} />
      <div ref={both} className={css.scroller} data-folded={folded}>
        <div className={css.inner} style={{ width: head + frames * scale }}>
          <div className={css.top}>
            <div className={css.corner}>
              <span>{words.trackCount(all.length, shownTracks.length)}</span>
              <IconKey
                small
                icon={IconZoomOut}
                label={words.zoomOut}
                disabled={zoom <= 1}
                onClick={() => change(1 / ZOOM)}
              />
              <IconKey
                small
                icon={IconZoomIn}
                label={words.zoomIn}
                disabled={fitting * zoom >= WIDEST}
                onClick={() => change(ZOOM)}
              />
              <IconKey
                small
                icon={folded ? IconChevronUp : IconChevronDown}
                label={folded ? words.unfold : words.fold}
                onClick={() => setFolded(!folded)}
              />
            </div>
            <Ruler reel={reel} window={shown} width={frames * scale} />
          </div>
          {!folded && (
            <TrackRows
              reel={reel}
              tracks={shownTracks}
              numbers={numbers}
              classes={classes}
              scroller={scroller}
              window={shown}
              frames={frames}
            />
          )}
          <Playhead reel={reel} head={head} scale={scale} />
        </div>
      </div>
    </section>
  );
}

/** The frames that are drawn: those in view, and as many again on both sides, so that scrolling seldom draws anew. */
function useShown(scroller: RefObject<HTMLDivElement | null>, width: number, frames: number, scale: number): Window {
  const [page, setPage] = useState(0);
  useEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const look = (): void => setPage(Math.floor(element.scrollLeft / width));
    look();
    element.addEventListener("scroll", look, { passive: true });
    return () => element.removeEventListener("scroll", look);
  }, [scroller, width, scale]);
  const from = Math.max(0, Math.floor(((page - 1) * width) / scale));
  return { from, to: Math.min(frames, Math.ceil(((page + 3) * width) / scale)), scale };
}

/** Scrolls so that the frame on show is in view. */
function usePlayheadInView(reel: Reel, scroller: RefObject<HTMLDivElement | null>, scale: number, width: number): void {
  useEffect(() => {
    const look = (frame: number): void => {
      const element = scroller.current;
      if (!element || width <= 0) return;
      const x = placeOf(frame, { from: 0, scale });
      if (x < element.scrollLeft || x > element.scrollLeft + width) element.scrollTo({ left: x - width / 4 });
    };
    look(reel.frame);
    return reel.document.events.on("frame", look);
  }, [reel, scroller, scale, width]);
}

interface PlayheadProps {
  readonly reel: Reel;
  readonly head: number;
  readonly scale: number;
}

/** Moved without drawing React again: it goes with every frame that is played. */
function Playhead({ reel, head, scale }: PlayheadProps) {
  const line = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const move = (frame: number): void => {
      if (line.current) line.current.style.transform = `translateX(${head + placeOf(frame, { from: 0, scale })}px)`;
    };
    move(reel.frame);
    return reel.document.events.on("frame", move);
  }, [reel, head, scale]);
  return <div ref={line} className={css.playhead} aria-hidden />;
}
