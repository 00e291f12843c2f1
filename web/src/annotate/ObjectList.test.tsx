// @vitest-environment jsdom
/** The list of objects: what is in it, and that rows get their buttons once somebody comes near. */
import { MantineProvider } from "@mantine/core";
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { drawn } from "../canvas";
import { Hand } from "../canvas/tools/hand.fixture";
import { ObjectList } from "./ObjectList";
import type { Classes } from "./useClasses";

const classes = {
  list: [{ id: "cat", name: "cat" }],
  styles: new Map([["cat", { name: "cat", color: "#e69f00" }]]),
} as unknown as Classes;

const boxes = [0, 1, 2].map((i) => ({
  ...drawn({ type: "box", x0: 10 * i, y0: 10, x1: 10 * i + 8, y1: 20 }, "cat"),
  id: `o${i}`,
}));

function shown(): Hand {
  const hand = new Hand(boxes);
  render(
    <MantineProvider>
      <ObjectList editor={hand.editor} classes={classes} isLoading={false} failed={false} menu={null} />
    </MantineProvider>,
  );
  return hand;
}

const row = (number: number): HTMLElement => screen.getByRole("button", { name: `Select object ${number}: cat` });
const remove = (number: number): HTMLElement | null => screen.queryByLabelText(`Delete object ${number}`);

beforeEach(() => {
  vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: vi.fn(), removeEventListener: vi.fn() }));
  vi.stubGlobal("ResizeObserver", class { observe = vi.fn(); unobserve = vi.fn(); disconnect = vi.fn() }); // prettier-ignore
  vi.spyOn(Element.prototype, "clientHeight", "get").mockReturnValue(400);
  vi.spyOn(Element.prototype, "clientWidth", "get").mockReturnValue(280);
});

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

it("gives a row its buttons for the pointer, the focus and the selection, and keeps them", () => {
  const { editor } = shown();
  expect([1, 2, 3].map(remove)).toEqual([null, null, null]);
  fireEvent.pointerEnter(row(1).parentElement as HTMLElement);
  fireEvent.pointerLeave(row(1).parentElement as HTMLElement);
  fireEvent.focus(row(2));
  act(() => editor.select(["o2"]));
  expect([1, 2, 3].map((number) => remove(number) !== null)).toEqual([true, true, true]);
  fireEvent.click(remove(2) as HTMLElement);
  expect(editor.document?.store.all().map(({ id }) => id)).toEqual(["o0", "o2"]);
  expect(screen.getByRole("combobox", { name: "Class of this object" })).toBeTruthy();
});

it("follows what is looked for, changed and undone", () => {
  const { editor } = shown();
  act(() => editor.setFilter({ source: "model" }));
  expect(screen.getByText(/0 of 3/)).toBeTruthy();
  act(() => editor.setFilter({ source: null }));
  act(() => editor.remove(["o0"]));
  expect(screen.queryByRole("button", { name: "Select object 3: cat" })).toBeNull();
  act(() => editor.undo());
  act(() => editor.select([]));
  expect(row(3)).toBeTruthy();
});
