import type { Files } from "../exchange/resumable";

export type Problem = "pickle" | "parts" | "nothing";

const TENSORS = "model.safetensors";
const BESIDE: readonly string[] = ["config.json", "preprocessor_config.json"];
const ARCHIVE = /\.(zip|tar|tgz|tar\.gz)$/i;
const PICKLE = /\.(bin|pt|pth|pkl|ckpt)$/i;

/** The files among those chosen that make weights, or why there are none: said before anything is uploaded. */
export function weightsAmong(files: readonly File[]): Files | Problem {
  const tensors = files.filter((file) => file.name.endsWith(".safetensors"));
  const [first] = tensors.length === 1 ? tensors : tensors.filter((file) => file.name === TENSORS);
  if (first !== undefined) return [first, ...files.filter((file) => BESIDE.includes(file.name))];
  if (tensors.length > 1) return "parts";
  const [archive, ...others] = files.filter((file) => ARCHIVE.test(file.name));
  if (archive !== undefined && others.length === 0) return [archive];
  return files.some((file) => PICKLE.test(file.name)) ? "pickle" : "nothing";
}
