import { inkOn } from "./ink";

interface Props {
  /** Corner of the box that it names, in pixels of the picture. */
  x: number;
  y: number;
  /** Size of the letters in pixels of the picture. */
  font: number;
  color: string;
  text: string;
}

/** Words on a plate above a box, readable on any picture; inside where there is no room above. */
export function BoxLabel({ x, y, font, color, text }: Props) {
  return (
    <g transform={`translate(${x} ${Math.max(font * 1.3, y)})`}>
      <rect y={-font * 1.3} width={text.length * font * 0.58 + font * 0.5} height={font * 1.3} fill={color} />
      <text x={font * 0.25} y={-font * 0.3} fontSize={font} fill={inkOn(color)} fontFamily="system-ui, sans-serif">
        {text}
      </text>
    </g>
  );
}
