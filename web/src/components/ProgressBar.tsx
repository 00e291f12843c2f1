import { Progress } from "@mantine/core";

interface Props {
  label: string;
  done: number;
  total: number;
  color?: string;
  animated?: boolean;
}

/** A progress bar with a name and a value for screen readers; striped while the total is not known. */
export function ProgressBar({ label, done, total, color = "ink", animated = false }: Props) {
  const known = total > 0;
  const value = known ? Math.min(100, (done / total) * 100) : 100;
  return (
    <Progress.Root size="md">
      <Progress.Section
        value={value}
        color={color}
        striped={animated || !known}
        animated={animated && !known}
        aria-label={label}
        aria-valuetext={known ? `${Math.round(value)} %` : undefined}
      />
    </Progress.Root>
  );
}
