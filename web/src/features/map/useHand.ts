import { useRef, useState, type MouseEvent, type PointerEvent } from "react";
import { enclosed, moved, nearest, toPlane, zoomed, type Camera, type Plane, type Size, type Spot } from "./plane";

const REACH = 10;
/** Pixels that a hand may shake in a click. */
const SHAKE = 4;

interface Options {
  readonly points: Plane;
  readonly camera: Camera;
  readonly size: Size;
  readonly onCamera: (change: (camera: Camera) => Camera) => void;
  readonly onPick: (rows: readonly number[], add: boolean) => void;
  /** A click: the point there, or -1. */
  readonly onClick: (row: number) => void;
  /** A double click: the same. */
  readonly onOpen: (row: number) => void;
}

/** Mouse and fingers on the map: one draws around points, the middle button or two fingers move it. */
export function useHand({ points, camera, size, onCamera, onPick, onClick, onOpen }: Options) {
  const { line, drawn, setLine } = useLine();
  const [hovered, setHovered] = useState(-1);
  const down = useRef(new Map<number, Spot>());
  const moving = useRef(false);
  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    if (event.button > 1) return;
    if (event.button === 1) event.preventDefault();
    event.currentTarget.setPointerCapture(event.pointerId);
    const at = spot(event);
    down.current.set(event.pointerId, at);
    moving.current = event.button === 1 || down.current.size > 1;
    setLine(moving.current ? [] : [at]);
    setHovered(-1);
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    const at = spot(event);
    const before = down.current.get(event.pointerId);
    if (before === undefined) {
      setHovered(nearest(points, camera, size, at, REACH));
      return;
    }
    if (!moving.current) {
      setLine([...drawn.current, at]);
      return;
    }
    const other = [...down.current].find(([id]) => id !== event.pointerId)?.[1];
    down.current.set(event.pointerId, at);
    onCamera((now) => pinched(now, size, before, at, other));
  };
  const onPointerUp = (event: PointerEvent<HTMLElement>) => {
    if (!down.current.delete(event.pointerId) || moving.current) return;
    const around = drawn.current;
    const [first] = around;
    setLine([]);
    if (first === undefined || event.type === "pointercancel") return;
    const at = spot(event);
    const isClick = around.every((one) => apart(one, first) <= SHAKE);
    const wanted = around.map((one) => toPlane(camera, size, one));
    if (isClick) onClick(nearest(points, camera, size, at, REACH));
    else onPick(enclosed(points, wanted), event.shiftKey);
  };
  return {
    line,
    hovered,
    handlers: {
      onPointerDown,
      onPointerMove,
      onPointerUp,
      onPointerCancel: onPointerUp,
      onPointerLeave: () => setHovered(-1),
      onDoubleClick: (event: MouseEvent<HTMLElement>) => onOpen(nearest(points, camera, size, spot(event), REACH)),
    },
  };
}

/** The line that is being drawn. Moves come faster than pages are drawn: what counts is `drawn`. */
function useLine() {
  const [line, showLine] = useState<readonly Spot[]>([]);
  const drawn = useRef<readonly Spot[]>([]);
  const setLine = (next: readonly Spot[]) => {
    drawn.current = next;
    showLine(next);
  };
  return { line, drawn, setLine };
}

const apart = (one: Spot, other: Spot): number => Math.hypot(one[0] - other[0], one[1] - other[1]);

/** Moved by one finger, or by the middle button; with another finger down it grows with their distance. */
function pinched(camera: Camera, size: Size, before: Spot, at: Spot, other: Spot | undefined): Camera {
  const [dx, dy] = [at[0] - before[0], at[1] - before[1]];
  if (other === undefined) return moved(camera, dx, dy);
  const middle: Spot = [(at[0] + other[0]) / 2, (at[1] + other[1]) / 2];
  const factor = apart(at, other) / Math.max(1, apart(before, other));
  return zoomed(moved(camera, dx / 2, dy / 2), size, middle, factor);
}

function spot(event: MouseEvent<HTMLElement>): Spot {
  const box = event.currentTarget.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
}
