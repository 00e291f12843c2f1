import type { ImageOutcome } from "../../api/types";
import { quality as words } from "../../strings/quality";
import { BoxLabel } from "../predictions/BoxLabel";

/** How an object is drawn: strokes differ too, so that colour is never all there is. */
export const LOOKS = {
  truth: { stroke: "#ffffff", dash: true, wide: 1.5 },
  fn: { stroke: "#F0E442", dash: true, wide: 3 },
  tp: { stroke: "#2fd6a3", dash: false, wide: 2 },
  fp: { stroke: "#ff5d3b", dash: false, wide: 3 },
} as const;

export interface Drawn {
  look: keyof typeof LOOKS;
  box: readonly number[];
  label: string;
  score: number | null;
}

/** Everything on a picture as it is drawn and listed: what is wrong first. */
export function drawnOf(image: ImageOutcome, nameOf: (classId: string) => string): Drawn[] {
  const found = image.detections.map((one): Drawn => {
    const name = nameOf(one.class_id);
    const kind = one.kind === null || one.kind === undefined ? "" : words.kinds[one.kind].toLowerCase();
    const label = one.outcome === "tp" ? words.items.tp(name) : words.items.fp(name, kind);
    return { look: one.outcome === "tp" ? "tp" : "fp", box: one.box, label, score: one.score };
  });
  const truths = image.truths.map((one): Drawn => {
    const name = nameOf(one.class_id);
    const missed = one.outcome === "fn";
    return { look: missed ? "fn" : "truth", box: one.box, label: missed ? words.items.fn(name) : name, score: null };
  });
  const order = ["fp", "fn", "tp", "truth"];
  return [...found, ...truths].sort((a, b) => order.indexOf(a.look) - order.indexOf(b.look));
}

interface Props {
  image: ImageOutcome;
  drawn: readonly Drawn[];
  /** Width of the drawing on the screen in pixels, so that lines keep their strength. */
  shownWidth: number;
  labels?: boolean;
  highlighted?: Drawn | null;
}

/** Truth and detections over a picture that is fitted into the same frame. */
export function Overlay({ image, drawn, shownWidth, labels = false, highlighted = null }: Props) {
  const pixel = image.width / Math.max(1, shownWidth);
  return (
    <svg
      viewBox={`0 0 ${image.width} ${image.height}`}
      preserveAspectRatio="xMidYMid meet"
      aria-hidden
      style={{ position: "absolute", inset: 0, width: "100%", height: "100%", pointerEvents: "none" }}
    >
      {[...drawn].reverse().map((one, index) => (
        <Shape key={index} one={one} pixel={pixel} strong={one === highlighted} label={labels} />
      ))}
    </svg>
  );
}

function Shape({ one, pixel, strong, label }: { one: Drawn; pixel: number; strong: boolean; label: boolean }) {
  const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = one.box;
  const look = LOOKS[one.look];
  const frame = { x: x0, y: y0, width: Math.max(0, x1 - x0), height: Math.max(0, y1 - y0), fill: "none" };
  const wide = look.wide * pixel * (strong ? 2 : 1);
  const dash = look.dash ? { strokeDasharray: `${5 * pixel} ${4 * pixel}` } : {};
  return (
    <g>
      <rect {...frame} stroke="#000" strokeOpacity={0.6} strokeWidth={wide + 2 * pixel} />
      <rect
        {...frame}
        stroke={look.stroke}
        strokeWidth={wide}
        {...dash}
        {...(strong ? { fill: look.stroke, fillOpacity: 0.2 } : {})}
      />
      {label && one.look !== "truth" && (
        <BoxLabel
          x={x0}
          y={y0}
          font={12 * pixel}
          color={look.stroke}
          text={one.score === null ? one.label : `${one.label} ${one.score.toFixed(2)}`}
        />
      )}
    </g>
  );
}
