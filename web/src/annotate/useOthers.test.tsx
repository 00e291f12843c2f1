// @vitest-environment jsdom
import { renderHook } from "@testing-library/react";
import { describe, expect, it } from "vitest";

import { drawn } from "../canvas";
import { Hand } from "../canvas/tools/hand.fixture";
import { session } from "./session";
import { useCalm } from "./useOthers";

/** Whether the work of others would be taken in now. */
async function isCalm(): Promise<boolean> {
  let calm = false;
  void session.calm().then(() => (calm = true));
  await new Promise((resolve) => setTimeout(resolve));
  return calm;
}

const mask = { type: "mask", width: 200, height: 150, counts: [3000, 150, 26850] } as const;

describe("the work of others", () => {
  it.each(["select", "brush", "eraser"] as const)("waits until %s lets go of a shape", async (tool) => {
    const hand = new Hand([{ ...drawn(mask, "cat"), id: "m" }]);
    const { unmount } = renderHook(() => useCalm(hand.editor));
    hand.editor.select(["m"]);
    hand.editor.setTool(tool);
    expect(await isCalm()).toBe(true);
    hand.down(20.5, 20);
    hand.move(22, 30);
    let calm = false;
    void session.calm().then(() => (calm = true));
    await new Promise((resolve) => setTimeout(resolve));
    expect(calm).toBe(false);
    hand.up(24, 40);
    await new Promise((resolve) => setTimeout(resolve));
    expect(calm).toBe(true);
    unmount();
  });

  it("does not wait for a new shape", async () => {
    const hand = new Hand();
    const { unmount } = renderHook(() => useCalm(hand.editor));
    hand.editor.setTool("polygon");
    hand.click(10, 10);
    expect(await isCalm()).toBe(true);
    unmount();
  });
});
