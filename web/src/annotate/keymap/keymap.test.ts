// @vitest-environment jsdom
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { ACTIONS } from "../actions";
import type { ActionId } from "../actions";
import { Keymap, START } from "./keymap";
import { BINDINGS, PRESETS } from "./presets";
import { choiceOf } from "./remembered";

const IDS = ACTIONS.map(({ id }) => id);
const KEYS = [...new Set([...ACTIONS.flatMap(({ keys }) => keys), "Q", "Ctrl+Q", "Alt+1", "µ"])];

/** No key does two things, and every key that is shown does what it is shown at. */
function expectSound(keymap: Keymap): void {
  const all = IDS.flatMap((id) => keymap.keysOf(id).map((key) => [key, id] as const));
  expect(new Set(all.map(([key]) => key)).size).toBe(all.length);
  for (const [key, id] of all) expect(keymap.idFor(key)).toBe(id);
}

describe("presets", () => {
  it.each(PRESETS)("%s names no key twice and leaves no action of the table without one but by intent", (preset) => {
    const keymap = new Keymap({ preset, own: {} });
    expectSound(keymap);
    const named = Object.values(BINDINGS[preset]).flat();
    expect(new Set(named).size).toBe(named.length);
    expect(IDS.filter((id) => keymap.keysOf(id).length === 0)).toEqual([]);
  });

  it("moves on with D in labelImg, back in CVAT", () => {
    const does = (preset: (typeof PRESETS)[number], key: string) => new Keymap({ preset, own: {} }).idFor(key);
    expect(PRESETS.map((preset) => does(preset, "D"))).toEqual(["next", "previous", "next"]);
    expect(does("cvat", "F")).toBe("next");
    expect(does("cvat", "Ctrl+3")).toBe("class3");
    expect(does("labelimg", "W")).toBe("box");
    expect(does("labelimg", "3")).toBe("class3");
  });
});

describe("changes", () => {
  it("takes a key from its holder and gives it back", () => {
    const taken = new Keymap(new Keymap().bound("fit", "Ctrl+D"));
    expect(taken.idFor("Ctrl+D")).toBe("fit");
    expect(taken.keysOf("fit")).toEqual(["F", "Ctrl+D"]);
    expect(taken.keysOf("duplicate")).toEqual([]);
    const back = new Keymap(taken.reset("duplicate"));
    expect(back.keysOf("duplicate")).toEqual(["Ctrl+D"]);
    expect(back.keysOf("fit")).toEqual(["F"]);
    expect(new Keymap(taken.resetAll()).choice.own.boxwright).toEqual({});
  });

  it("keeps them for each preset on its own", () => {
    const own = new Keymap(new Keymap().bound("box", "µ"));
    const cvat = new Keymap(own.withPreset("cvat"));
    expect(cvat.idFor("µ")).toBeUndefined();
    expect(new Keymap(cvat.withPreset("boxwright")).idFor("µ")).toBe("box");
  });

  it("stays sound whatever is bound, taken away and reset", () => {
    const step = fc.record({
      what: fc.constantFrom("bound", "unbound", "reset", "resetAll", "preset"),
      id: fc.constantFrom(...IDS),
      key: fc.constantFrom(...KEYS),
      preset: fc.constantFrom(...PRESETS),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        let keymap = new Keymap();
        for (const { what, id, key, preset } of steps) {
          if (what === "bound") keymap = new Keymap(keymap.bound(id, key));
          else if (what === "unbound") keymap = new Keymap(keymap.unbound(id, key));
          else if (what === "reset") keymap = new Keymap(keymap.reset(id));
          else keymap = new Keymap(what === "resetAll" ? keymap.resetAll() : keymap.withPreset(preset));
          expectSound(keymap);
          if (what === "bound") expect(keymap.idFor(key)).toBe(id);
          if (what === "reset") expect(keymap.keysOf(id)).toEqual(new Keymap({ ...keymap.choice, own: {} }).keysOf(id));
        }
        expect(choiceOf(JSON.stringify(keymap.choice)).preset).toBe(keymap.preset);
        expectSound(new Keymap(choiceOf(JSON.stringify(keymap.choice))));
      }),
      { numRuns: 30 },
    );
  });
});

describe("choiceOf", () => {
  it("takes what it knows and nothing else", () => {
    const junk = [null, "", "{", "7", "null", "[]", '{"preset":"emacs"}', '{"own":{}}'];
    for (const stored of junk) expect(choiceOf(stored)).toEqual(START);
    const found = choiceOf('{"preset":"cvat","own":{"cvat":{"box":["µ"],"fly":["G"],"fit":"F","undo":[""]}}}');
    expect(found.own.cvat).toEqual({ box: ["µ"] } satisfies Partial<Record<ActionId, string[]>>);
  });
});
