import { describe, expect, it } from "vitest";
import { weightsAmong } from "./weightsFiles";

const files = (...names: string[]) => names.map((name) => new File(["x"], name));
const taken = (...names: string[]) => {
  const found = weightsAmong(files(...names));
  return typeof found === "string" ? found : found.map((file) => file.name);
};

describe("weightsAmong", () => {
  it("takes what counts out of a folder, the weights first", () => {
    expect(
      taken("README.md", "config.json", "model.safetensors", "preprocessor_config.json", "pytorch_model.bin"),
    ).toEqual(["model.safetensors", "config.json", "preprocessor_config.json"]);
    expect(taken("model.safetensors", "ema.safetensors", "config.json")).toEqual(["model.safetensors", "config.json"]);
  });

  it("takes weights that were trained here under any name, and one archive", () => {
    expect(taken("last.safetensors")).toEqual(["last.safetensors"]);
    expect(taken("dfine.tar.gz")).toEqual(["dfine.tar.gz"]);
    expect(taken("dfine.ZIP", "notes.txt")).toEqual(["dfine.ZIP"]);
  });

  it("says why there is nothing to take", () => {
    expect(taken("config.json", "pytorch_model.bin")).toBe("pickle");
    expect(taken("best.pt")).toBe("pickle");
    expect(taken("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors", "config.json")).toBe("parts");
    expect(taken("config.json")).toBe("nothing");
    expect(taken("a.zip", "b.zip")).toBe("nothing");
    expect(taken()).toBe("nothing");
  });
});
