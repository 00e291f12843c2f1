// @vitest-environment jsdom
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ApiError } from "../api/client";
import { keys } from "../api/keys";
import { queryClient } from "./queryClient";
import { SignInPage, waitOf } from "./SignInPage";

const signIn = vi.hoisted(() => vi.fn());
vi.mock("./session", () => ({ signIn, signInProblem: null }));

beforeEach(() => {
  vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: vi.fn(), removeEventListener: vi.fn() }));
  queryClient.setQueryData(keys.signIn, { accounts: true, local: false });
});
afterEach(() => {
  cleanup();
  queryClient.clear();
  vi.unstubAllGlobals();
});

async function enter(): Promise<void> {
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={queryClient}>
        <SignInPage />
      </QueryClientProvider>
    </MantineProvider>,
  );
  const user = userEvent.setup();
  await user.type(screen.getByLabelText("Name"), "ann");
  await user.type(screen.getByLabelText("Password"), "not the password{Enter}");
}

it("says that name or password is wrong and asks for the password again", async () => {
  signIn.mockRejectedValueOnce(new ApiError(401, "sign_in_failed", "x"));
  await enter();
  expect((await screen.findByRole("alert")).textContent).toContain("The name or the password is not right.");
  expect(screen.getByLabelText<HTMLInputElement>("Password").value).toBe("");
  expect(screen.getByLabelText<HTMLInputElement>("Name").value).toBe("ann");
});

it("says how long to wait after too many attempts", async () => {
  signIn.mockRejectedValueOnce(new ApiError(429, "too_many_attempts", "x", { retry_after: 30 }));
  await enter();
  expect((await screen.findByRole("alert")).textContent).toMatch(/Too many attempts. Try again in (30|29) s./);
});

it("reads the time to wait from the answer", () => {
  expect(waitOf(new ApiError(429, "too_many_attempts", "x", { retry_after: 12.2 }))).toBe(13);
  expect(waitOf(new ApiError(429, "too_many_attempts", "x"))).toBe(60);
  expect(waitOf(new ApiError(401, "sign_in_failed", "x", { retry_after: 12 }))).toBe(0);
});
