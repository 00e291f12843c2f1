import { Badge } from "@mantine/core";
import type { Model } from "../../api/types";
import { models as words } from "../../strings/models";

/** What a model gives where that is not boxes alone. */
export function GivesBadge({ task }: { task: Model["task"] }) {
  if (task === "segment") return <Badge title={words.outlinesHint}>{words.outlines}</Badge>;
  if (task === "assist") return <Badge title={words.clicksHint}>{words.clicks}</Badge>;
  return null;
}
