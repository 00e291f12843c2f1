import { Stack, Text } from "@mantine/core";
import { useMemo } from "react";
import type { QualityReport } from "../../api/types";
import { LineChart } from "../../components/chart/LineChart";
import type { Series } from "../../components/chart/series";
import { percent } from "../../lib/format";
import { quality as words } from "../../strings/quality";

/** Whether scores are honest: the share of detections that is right, by their score. */
export function CalibrationChart({ calibration }: { calibration: QualityReport["calibration"] }) {
  const series = useMemo<Series[]>(() => {
    const measured = calibration.bins.flatMap(({ confidence, precision }) =>
      confidence === null || precision === null ? [] : [[confidence, precision] as const],
    );
    if (measured.length === 0) return [];
    return [
      { name: words.right, points: measured, marks: true },
      {
        name: words.ideal,
        points: [
          [0, 0],
          [1, 1],
        ],
      },
    ];
  }, [calibration]);
  return (
    <Stack gap={4}>
      <LineChart title={words.calibration} xName={words.score} series={series} share unit />
      <Text size="sm" c="dimmed">
        {words.calibrationError(percent(calibration.error))}. {words.calibrationHint}
      </Text>
    </Stack>
  );
}
