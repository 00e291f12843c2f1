import { useCallback, useEffect, useRef, useState, type PointerEvent } from "react";

export interface Camera {
  scale: number;
  x: number;
  y: number;
}

export const FIT: Camera = { scale: 1, x: 0, y: 0 };
const MOST = 24;

/** The camera after zooming by a factor around a point of the stage, measured from its middle. */
export function zoomAt(camera: Camera, factor: number, px: number, py: number): Camera {
  const scale = Math.min(MOST, Math.max(1, camera.scale * factor));
  if (scale === 1) return FIT;
  const ratio = scale / camera.scale;
  return { scale, x: px - (px - camera.x) * ratio, y: py - (py - camera.y) * ratio };
}

/** Zoom with the wheel, move by dragging, double-click to fit; the same for pointer, pen and touch. */
export function useZoom(key: string) {
  const [state, setState] = useState({ key, camera: FIT });
  const camera = state.key === key ? state.camera : FIT;
  const stage = useRef<HTMLDivElement | null>(null);
  const drag = useRef<{ x: number; y: number } | null>(null);
  const change = useCallback(
    (next: (old: Camera) => Camera) => setState((old) => ({ key, camera: next(old.key === key ? old.camera : FIT) })),
    [key],
  );
  useEffect(() => {
    const element = stage.current;
    if (element === null) return undefined;
    // React listens to wheels passively; a zoom must keep the page from scrolling.
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const box = element.getBoundingClientRect();
      const [px, py] = [event.clientX - box.x - box.width / 2, event.clientY - box.y - box.height / 2];
      change((old) => zoomAt(old, Math.exp(-event.deltaY / 400), px, py));
    };
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => element.removeEventListener("wheel", onWheel);
  }, [change]);
  const handlers = {
    onPointerDown: (event: PointerEvent) => {
      drag.current = { x: event.clientX, y: event.clientY };
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove: (event: PointerEvent) => {
      const from = drag.current;
      if (from === null) return;
      drag.current = { x: event.clientX, y: event.clientY };
      change((old) =>
        old.scale === 1 ? old : { ...old, x: old.x + event.clientX - from.x, y: old.y + event.clientY - from.y },
      );
    },
    onPointerUp: () => {
      drag.current = null;
    },
    onDoubleClick: () => change(() => FIT),
  };
  return {
    camera,
    stage,
    handlers,
    zoom: (factor: number) => change((old) => zoomAt(old, factor, 0, 0)),
    fit: () => change(() => FIT),
  };
}
