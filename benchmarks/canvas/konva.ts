/** The scene as Konva under React draws it: a layer for the picture, one for the shapes, the stage moved and scaled. */
import { createElement, useState } from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { Image, Layer, Line, Rect, Stage } from "react-konva";

import { COLORS, picture, PICTURE, scene } from "./scene";
import type { Rival } from "./rival";

interface Camera {
  readonly scale: number;
  readonly tx: number;
  readonly ty: number;
}

export async function konvaPage(): Promise<Rival> {
  const image = await picture();
  let camera: Camera = { scale: 1, tx: 0, ty: 0 };
  let show: (next: Camera) => void = () => undefined;
  let stop = (): void => undefined;
  const move = (next: Camera): void => {
    camera = next;
    flushSync(() => show(next));
  };
  return {
    open: async (stage, kind, count) => {
      const size = { width: stage.clientWidth, height: stage.clientHeight };
      const scale = Math.min(
        size.width / PICTURE.width,
        size.height / PICTURE.height,
      );
      camera = { scale, tx: 0, ty: 0 };
      const shapes = scene(kind, count).map(({ id, geometry }, i) => {
        const color = COLORS[i % COLORS.length] ?? "#fff";
        const looks = {
          key: id,
          stroke: color,
          fill: `${color}1a`,
          strokeWidth: 2,
          strokeScaleEnabled: false,
          perfectDrawEnabled: false,
          onMouseEnter: (event: {
            target: { fill: (value: string) => void };
          }) => event.target.fill(`${color}66`),
          onMouseLeave: (event: {
            target: { fill: (value: string) => void };
          }) => event.target.fill(`${color}1a`),
        };
        if (geometry.type === "box")
          return createElement(Rect, {
            ...looks,
            x: geometry.x0,
            y: geometry.y0,
            width: geometry.x1 - geometry.x0,
            height: geometry.y1 - geometry.y0,
          });
        const points =
          geometry.type === "polygon" ? (geometry.rings[0] ?? []).flat() : [];
        return createElement(Line, { ...looks, points, closed: true });
      });
      // The shapes are elements made once: a step changes the props of the stage only.
      const layers = [
        createElement(
          Layer,
          { key: "picture", listening: false },
          createElement(Image, { image }),
        ),
        createElement(Layer, { key: "shapes" }, shapes),
      ];
      const Page = () => {
        const [{ scale: s, tx, ty }, set] = useState(camera);
        show = set;
        return createElement(
          Stage,
          { ...size, scaleX: s, scaleY: s, x: tx, y: ty },
          layers,
        );
      };
      const root = createRoot(stage);
      flushSync(() => root.render(createElement(Page)));
      stop = () => root.unmount();
    },
    zoom: (factor, [x, y]) => {
      const { scale, tx, ty } = camera;
      move({
        scale: scale * factor,
        tx: x - (x - tx) * factor,
        ty: y - (y - ty) * factor,
      });
    },
    pan: (dx, dy) =>
      move({ ...camera, tx: camera.tx + dx, ty: camera.ty + dy }),
    close: () => stop(),
  };
}
