import { Text } from "@mantine/core";
import { ChartCard } from "../../components/chart/ChartCard";
import { percent } from "../../lib/format";
import { statistics as words } from "../../strings/statistics";
import { middle, type Statistics } from "./figures";
import css from "./statistics.module.css";

/** How many centres of objects lie where, on a grid over the image. */
export function HeatMap({ title, figures }: { title: string; figures: Statistics }) {
  const { positions, cells } = figures;
  const most = Math.max(1, ...positions.flat());
  const table = () => [
    ["", ...positions.map((_, column) => words.column(column + 1))],
    ...positions.map((row, index) => [words.position(index + 1), ...row]),
  ];
  const inside = middle(figures);
  return (
    <ChartCard title={title} table={table}>
      <Text size="sm" c="dimmed" mb="xs">
        {words.positionsHint}
      </Text>
      {inside === null ? (
        <Text c="dimmed">{words.noObjects}</Text>
      ) : (
        <svg
          className={css.map}
          viewBox={`0 0 ${cells} ${cells}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={words.places(percent(inside))}
        >
          {positions.map((row, y) =>
            row.map(
              (number, x) =>
                number > 0 && (
                  <rect
                    key={`${x} ${y}`}
                    x={x}
                    y={y}
                    width={1.02}
                    height={1.02}
                    // The root lets thin places be seen beside dense ones.
                    opacity={0.08 + 0.92 * Math.sqrt(number / most)}
                  />
                ),
            ),
          )}
        </svg>
      )}
    </ChartCard>
  );
}
