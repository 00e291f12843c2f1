import { Tooltip } from "@mantine/core";
import { useEffect, useState } from "react";
import { ago, exact } from "../lib/format";

/** A moment relative to now, with the exact one on hover and for screen readers. */
export function Time({ value }: { value: string }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = window.setInterval(() => setNow(Date.now()), 30_000);
    return () => window.clearInterval(timer);
  }, []);
  return (
    <Tooltip label={exact(value)}>
      <time dateTime={value}>{ago(value, Math.max(now, Date.parse(value)))}</time>
    </Tooltip>
  );
}
