// @vitest-environment jsdom
import { MantineProvider } from "@mantine/core";
import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { TypedConfirm } from "./TypedConfirm";

beforeEach(() => {
  // jsdom has no layout: Mantine asks for both.
  vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: vi.fn(), removeEventListener: vi.fn() }));
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  );
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function show(onConfirm: (typed: string) => void) {
  render(
    <MantineProvider env="test">
      <TypedConfirm
        opened
        title="Delete this project?"
        body="It goes to the trash."
        phrase="Blood cells"
        label="Type the name"
        wrong="That is not the name."
        action="Delete"
        onClose={vi.fn()}
        onConfirm={onConfirm}
      />
    </MantineProvider>,
  );
}

it("says when the phrase is wrong and confirms only the right one", async () => {
  const confirmed = vi.fn();
  const user = userEvent.setup();
  show(confirmed);
  const field = screen.getByLabelText("Type the name");
  await user.type(field, "blood cells");
  await user.click(screen.getByRole("button", { name: "Delete" }));
  expect(screen.getByText("That is not the name.")).toBeTruthy();
  expect(confirmed).not.toHaveBeenCalled();
  await user.clear(field);
  await user.type(field, " Blood cells {Enter}");
  expect(confirmed).toHaveBeenCalledExactlyOnceWith("Blood cells");
});
