import { boundsOf, ringsOf } from "../../canvas";
import { urls } from "../../api/queries";
import { labels as words } from "../../strings/labels";
import type { Suspicion } from "./queries";
import { windowAround } from "./view";
import css from "./labels.module.css";

type Shape = NonNullable<Suspicion["suggestion"]>;

/** How the two are drawn: strokes differ too, so that colour is never all there is. */
export const LOOKS = {
  label: { stroke: "#ffffff", dash: undefined },
  found: { stroke: "#ff9d2e", dash: "6 4" },
} as const;

export function boxOf(shape: Shape): readonly [number, number, number, number] {
  return boundsOf(shape);
}

/** The label and the detection of a suspicion, as far as there are. */
export function shapesOf(item: Suspicion): { label: Shape | null; found: Shape | null } {
  return { label: item.label?.geometry ?? null, found: item.suggestion };
}

export function boxesOf(item: Suspicion) {
  const { label, found } = shapesOf(item);
  return [label, found].filter((shape) => shape !== null).map(boxOf);
}

interface Props {
  item: Suspicion;
  /** The thumbnail is enough for a small one. */
  small?: boolean;
  whole?: boolean;
  ratio?: number;
}

/** The part of an image that a suspicion is about, with the annotation and the detection over it. */
export function Crop({ item, small = false, whole = false, ratio = 1 }: Props) {
  const { image } = item;
  const { label, found } = shapesOf(item);
  const shown = whole ? [0, 0, image.width, image.height] : windowAround(boxesOf(item), image, ratio);
  const wide = small ? 1.5 : 2;
  return (
    <svg
      className={css.crop}
      viewBox={shown.join(" ")}
      preserveAspectRatio="xMidYMid meet"
      {...(small ? { "aria-hidden": true } : { role: "img", "aria-label": words.picture(image.name) })}
      style={{ aspectRatio: whole ? `${image.width} / ${image.height}` : String(ratio) }}
    >
      <image
        href={small ? urls.thumbnail(image.id, 640) : urls.view(image.id)}
        width={image.width}
        height={image.height}
        preserveAspectRatio="none"
      />
      {label !== null && <Outline shape={label} look="label" wide={wide} />}
      {found !== null && <Outline shape={found} look="found" wide={wide} />}
    </svg>
  );
}

function Outline({ shape, look, wide }: { shape: Shape; look: keyof typeof LOOKS; wide: number }) {
  const path = pathOf(shape);
  const { stroke, dash } = LOOKS[look];
  const common = { d: path, fill: "none", vectorEffect: "non-scaling-stroke" as const };
  return (
    <>
      <path {...common} stroke="#000" strokeOpacity={0.65} strokeWidth={wide + 2} />
      <path {...common} stroke={stroke} strokeWidth={wide} {...(dash === undefined ? {} : { strokeDasharray: dash })} />
    </>
  );
}

function pathOf(shape: Shape): string {
  if (shape.type === "polygon" || shape.type === "rotated_box" || shape.type === "ellipse") {
    const rings = ringsOf(shape);
    return rings.map((ring) => `M${ring.map(([x, y]) => `${x} ${y}`).join("L")}Z`).join("");
  }
  const [x0, y0, x1, y1] = boxOf(shape);
  return `M${x0} ${y0}H${x1}V${y1}H${x0}Z`;
}
