import { describe, expect, it } from "vitest";
import { exchange as words } from "../../strings/exchange";
import { formatGroups, importFormats } from "./formats";

describe("formats", () => {
  it("stand in one group each, all with a label", () => {
    const all = formatGroups().flatMap((group) => group.items.map((item) => item.value));
    expect(new Set(all).size).toBe(all.length);
    expect([...all, "auto"].sort()).toEqual(Object.keys(words.formats).sort());
    expect(all[0]).toBe("coco");
  });

  it("that are only written are no choice of an import", () => {
    const values = importFormats().map((item) => item.value as string);
    expect(values[0]).toBe("auto");
    expect(values).not.toContain("masks");
    expect(values).toContain("labelstudio");
  });
});
