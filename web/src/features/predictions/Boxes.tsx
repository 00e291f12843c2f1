import type { Detection } from "../../api/types";
import { BoxLabel } from "./BoxLabel";

interface Props {
  image: { width: number; height: number };
  detections: readonly Detection[];
  colorOf: (classId: number) => string;
  /** Name and score beside each box. */
  labels?: boolean;
  /** Width of the drawing on the screen in pixels, so that lines keep their strength. */
  shownWidth: number;
  highlighted?: Detection | null;
}

/** An outline as an SVG path; filled by the even-odd rule its inner rings are holes. */
export function pathOf(mask: NonNullable<Detection["mask"]>): string {
  return mask.rings.map((ring) => `M${ring.map(([x, y]) => `${x} ${y}`).join("L")}Z`).join("");
}

/** What was found over a picture that is fitted into the same frame. */
export function Boxes({ image, detections, colorOf, labels = false, shownWidth, highlighted = null }: Props) {
  const pixel = image.width / Math.max(1, shownWidth);
  const font = 12 * pixel;
  return (
    <svg
      viewBox={`0 0 ${image.width} ${image.height}`}
      preserveAspectRatio="xMidYMid meet"
      aria-hidden
      style={{ position: "absolute", inset: 0, width: "100%", height: "100%", pointerEvents: "none" }}
    >
      {[...detections].reverse().map((found, index) => {
        const [x0, y0, x1, y1] = found.box;
        const color = colorOf(found.class_id);
        const strong = found === highlighted;
        const line = { fill: color, stroke: color, strokeWidth: (strong ? 4 : 2) * pixel };
        const text = `${found.class} ${found.score.toFixed(2)}`;
        return (
          <g key={index}>
            {found.mask ? (
              <path
                d={pathOf(found.mask)}
                fillRule="evenodd"
                fillOpacity={strong ? 0.55 : 0.3}
                strokeLinejoin="round"
                {...line}
              />
            ) : (
              <rect
                x={x0}
                y={y0}
                width={Math.max(0, x1 - x0)}
                height={Math.max(0, y1 - y0)}
                fillOpacity={strong ? 0.25 : 0}
                {...line}
              />
            )}
            {labels && <BoxLabel x={x0} y={y0} font={font} color={color} text={text} />}
          </g>
        );
      })}
    </svg>
  );
}
