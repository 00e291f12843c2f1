/** Words about a model in fewer bits. */
export const variants = {
  title: "Size and speed",
  empty:
    "Make this model smaller and often faster: in 16 and in 8 bits, the latter tuned on your training images. Size, speed and quality then stand side by side here.",
  make: "Make fp16 and int8",
  makeAgain: "Make them again",
  making: "fp16 and int8 are being made and measured",
  names: { fp32: "fp32, as trained", fp16: "fp16", int8: "int8" },
  columns: {
    serving: "Predicts",
    precision: "Precision",
    size: "Size",
    time: "One image",
    map: "mAP 50–95",
    map50: "AP50",
    maskMap: "Outlines mAP 50–95",
    file: "File",
  },
  let: (name: string) => `Predict with ${name}`,
  serves: (name: string) => `${name} predicts from now on`,
  download: (name: string) => `Download ${name}`,
  change: (points: number) => `${points > 0 ? "+" : points < 0 ? "−" : "±"}${Math.abs(points).toFixed(1)}`,
  failed: (why: string) => `Could not be made: ${why}`,
  measured: (split: string) =>
    `Quality on ${split}. Time: the median of an image on one core of this machine, the files taking turns.`,
} as const;
