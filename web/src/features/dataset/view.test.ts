import { describe, expect, it } from "vitest";
import { parseDatasetView } from "./view";

describe("the address of the page", () => {
  it("keeps what it knows and drops the rest", () => {
    expect(parseDatasetView({ view: "flaws", flaw: "dark", limit: "12.5" })).toEqual({
      view: "flaws",
      flaw: "dark",
      limit: 12.5,
    });
    expect(parseDatasetView({ view: "flaws", flaw: "blurred", limit: "much" })).toEqual({ view: "flaws" });
    expect(parseDatasetView({ view: "split", flaw: "dark", limit: 3 })).toEqual({});
    expect(parseDatasetView({ view: "duplicates", limit: -1 })).toEqual({ view: "duplicates" });
    expect(parseDatasetView({ view: "other" })).toEqual({});
  });
});
