// @vitest-environment jsdom
import { expect, it } from "vitest";
import { browserOf } from "./browser";
import { endOf } from "./queries";

it.each([
  ["Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36", "Chrome on Linux"],
  ["Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"],
  ["Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile Safari/604.1", "Safari on iPhone"],
  ["curl/8.5.0", ""],
  [null, ""],
])("names the browser of %s", (agent, name) => {
  expect(browserOf(agent)).toBe(name);
});

it("reckons when a token ends", () => {
  expect(endOf("30", Date.parse("2026-11-25T12:00:00Z"))).toBe("2026-12-25T12:00:00.000Z");
  expect(endOf("")).toBeNull();
});
