import { expect, it } from "vitest";
import { fileName } from "./download";
import { linesOf } from "./lines";
import { toCsv } from "./csv";

it("quotes what needs it and leaves missing values empty", () => {
  expect(
    toCsv([
      ["name", "a,b", 'say "x"'],
      ["two\nlines", 0.5, null],
    ]),
  ).toBe('name,"a,b","say ""x"""\r\n"two\nlines",0.5,\r\n');
});

it("keeps a spreadsheet from running a name as a formula, but leaves numbers alone", () => {
  expect(toCsv([["=cmd()", "+1", "@x", -5]])).toBe("'=cmd(),'+1,'@x,-5\r\n");
});

it("makes file names that every system takes", () => {
  expect([fileName("Loss / step: 1"), fileName("../.."), fileName("Größe")]).toEqual(["Loss-step-1", "..-..", "Größe"]);
});

it("reads names one per line, without repetitions", () => {
  expect(linesOf(" RBC \r\n\nWBC\nRBC\n  ")).toEqual(["RBC", "WBC"]);
});
