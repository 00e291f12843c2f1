import { expect, it } from "vitest";
import { allows, neededFor, ROLES, type Deed } from "./roles";

const DEEDS: readonly Deed[] = ["annotate", "predict", "review", "manage"];

it.each([
  ["viewer", []],
  ["annotator", ["annotate", "predict"]],
  ["reviewer", ["annotate", "predict", "review"]],
  ["manager", DEEDS],
] as const)("a %s may %j and nothing else", (role, may) => {
  expect(DEEDS.filter((deed) => allows(role, deed))).toEqual(may);
});

it("offers nothing before the role is known", () => {
  expect(DEEDS.some((deed) => allows(undefined, deed))).toBe(false);
});

it("names the least role that suffices", () => {
  for (const deed of DEEDS) {
    const needed = ROLES.indexOf(neededFor(deed));
    expect(ROLES.map((role) => allows(role, deed))).toEqual(ROLES.map((_, index) => index >= needed));
  }
});
