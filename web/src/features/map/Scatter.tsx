import { ActionIcon, useComputedColorScheme } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { IconMaximize, IconZoomIn, IconZoomOut } from "@tabler/icons-react";
import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { urls } from "../../api/queries";
import { plural } from "../../lib/format";
import { map as words } from "../../strings/map";
import { draw } from "./draw";
import type { Group, Points } from "./groups";
import css from "./map.module.css";
import { fitted, moved, toScreen, zoomed, type Camera, type Size, type Spot } from "./plane";
import { useHand } from "./useHand";

interface Props {
  points: Points;
  groups: readonly Group[];
  chosen: ReadonlySet<number> | null;
  /** The row of the image whose likes are listed; -1 for none. */
  asked: number;
  onPick: (rows: readonly number[], add: boolean) => void;
  onClick: (row: number) => void;
  onOpen: (row: number) => void;
  onClear: () => void;
}

const STEP = 60;
const THUMB = 148;

/** All images as points on a plane. What it shows is also in the list of groups beside it. */
export function Scatter({ points, groups, chosen, asked, onPick, onClick, onOpen, onClear }: Props) {
  const dark = useComputedColorScheme("light") === "dark";
  const { ref, width, height } = useElementSize();
  const stage = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const size: Size = { width, height };
  const [own, setOwn] = useState<Camera | null>(null);
  const camera = own ?? fitted(size);
  const setCamera = (change: (camera: Camera) => Camera) => setOwn((now) => change(now ?? fitted(size)));
  const { line, hovered, handlers } = useHand({ points, camera, size, onCamera: setCamera, onPick, onClick, onOpen });
  useEffect(() => {
    const frame = window.requestAnimationFrame(() => {
      const target = canvas.current;
      if (target === null || width === 0) return;
      const ratio = window.devicePixelRatio;
      const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
      if (target.width !== wide || target.height !== high) Object.assign(target, { width: wide, height: high });
      draw(target, { width, height }, ratio, camera, { points, groups, chosen, hovered, asked, line, dark });
    });
    return () => window.cancelAnimationFrame(frame);
  });
  useWheel(stage, (at, factor) => setCamera((now) => zoomed(now, size, at, factor)));
  const zoom = (factor: number) => setCamera((now) => zoomed(now, size, [width / 2, height / 2], factor));
  const keys: Readonly<Record<string, () => void>> = {
    "+": () => zoom(1.3),
    "=": () => zoom(1.3),
    "-": () => zoom(1 / 1.3),
    "0": () => setOwn(null),
    ArrowLeft: () => setCamera((now) => moved(now, STEP, 0)),
    ArrowRight: () => setCamera((now) => moved(now, -STEP, 0)),
    ArrowUp: () => setCamera((now) => moved(now, 0, STEP)),
    ArrowDown: () => setCamera((now) => moved(now, 0, -STEP)),
    Escape: onClear,
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const deed = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key];
    if (deed === undefined) return;
    event.preventDefault();
    deed();
  };
  return (
    <div ref={stage} className={css.stage}>
      <div
        ref={ref}
        className={css.hand}
        role="application"
        aria-label={words.stage(plural(points.total, "image"))}
        aria-description={words.keys}
        tabIndex={0}
        onKeyDown={onKeyDown}
        {...handlers}
      >
        <canvas ref={canvas} className={css.canvas} aria-hidden />
        {hovered >= 0 && line.length === 0 && (
          <Thumb points={points} row={hovered} at={placeOf(camera, size, points, hovered)} size={size} />
        )}
      </div>
      <div className={css.zoom}>
        {(
          [
            [words.zoomIn, IconZoomIn, () => zoom(1.3)],
            [words.zoomOut, IconZoomOut, () => zoom(1 / 1.3)],
            [words.fit, IconMaximize, () => setOwn(null)],
          ] as const
        ).map(([label, Icon, deed]) => (
          <ActionIcon key={label} variant="default" size={40} aria-label={label} title={label} onClick={deed}>
            <Icon size={16} aria-hidden />
          </ActionIcon>
        ))}
      </div>
    </div>
  );
}

const placeOf = (camera: Camera, size: Size, points: Points, row: number): Spot =>
  toScreen(camera, size, points.x[row] ?? 0, points.y[row] ?? 0);

/** The image under the pointer, beside it and within the map. */
function Thumb({ points, row, at: [x, y], size }: { points: Points; row: number; at: Spot; size: Size }) {
  const left = x + 16 + THUMB > size.width ? x - 16 - THUMB : x + 16;
  const top = Math.max(4, Math.min(y - THUMB / 2, size.height - THUMB - 4));
  return (
    <img
      className={css.thumb}
      src={urls.thumbnail(points.ids[row] ?? "", 320)}
      alt=""
      style={{ left: Math.max(4, left), top }}
    />
  );
}

/** React listens to the wheel passively: the page would scroll as well. */
function useWheel(ref: { current: HTMLElement | null }, onZoom: (at: Spot, factor: number) => void): void {
  const latest = useRef(onZoom);
  useEffect(() => {
    latest.current = onZoom;
  });
  useEffect(() => {
    const element = ref.current;
    if (element === null) return undefined;
    const turn = (event: WheelEvent) => {
      event.preventDefault();
      const box = element.getBoundingClientRect();
      latest.current([event.clientX - box.left, event.clientY - box.top], Math.exp(-event.deltaY / 400));
    };
    element.addEventListener("wheel", turn, { passive: false });
    return () => element.removeEventListener("wheel", turn);
  }, [ref]);
}
