import type { Job, TrainingAdvice } from "../../api/types";

const MB = 1 << 20;

/** What an estimate found: seconds, bytes, and the plan it speaks of. */
export interface Found {
  seconds: number;
  memory: number;
  available: number | null;
  gpu: number | null;
  epochs: number;
  steps: number;
  batch: number;
  size: number;
  device: string;
  choices: readonly TrainingAdvice[];
}

/** Reads the result of a job of kind estimate; null before there is one. */
export function estimateOf(job: Job): Found | null {
  const result = job.result;
  if (job.kind !== "estimate" || result === null) return null;
  const number = (name: string) => (typeof result[name] === "number" ? result[name] : 0);
  const optional = (name: string) => (typeof result[name] === "number" ? result[name] * MB : null);
  return {
    seconds: number("seconds"),
    memory: number("memory_mb") * MB,
    available: optional("available_mb"),
    gpu: optional("gpu_mb"),
    epochs: number("epochs"),
    steps: number("steps"),
    batch: number("batch"),
    size: number("image_size"),
    device: String(result["device"]),
    choices: (result["choices"] ?? []) as TrainingAdvice[],
  };
}
