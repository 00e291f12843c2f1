// @vitest-environment jsdom
import { describe, expect, it } from "vitest";

import { Document, Editor, drawn } from "../canvas";
import { ACTIONS } from "./actions";
import type { Desk } from "./actions";
import { actionById } from "./allActions";
import { VIDEO_ACTIONS } from "./video/actions";
import { Keymap } from "./keymap/keymap";
import { isPressable, isTyping, nameOf, namesOf } from "./keys";
import { hotkeysOf } from "./useClasses";

const press = (key: string, held: Partial<KeyboardEventInit> = {}) =>
  nameOf(new KeyboardEvent("keydown", { key, ...held }));

describe("nameOf", () => {
  it("names keys as the table writes them", () => {
    expect(press("b")).toBe("B");
    expect(press("z", { ctrlKey: true, shiftKey: true })).toBe("Ctrl+Shift+Z");
    expect(press("z", { metaKey: true })).toBe("Ctrl+Z");
    expect(press("ArrowLeft", { shiftKey: true })).toBe("Shift+ArrowLeft");
    expect(press(" ")).toBe("Space");
    expect(press("Shift", { shiftKey: true })).toBe("");
  });

  it("does not name Shift where it chooses the character", () => {
    expect(press("?", { shiftKey: true })).toBe("?");
    expect(press("+", { shiftKey: true })).toBe("+");
  });
});

describe("namesOf", () => {
  const names = (key: string, code: string, held: Partial<KeyboardEventInit> = {}) =>
    namesOf(new KeyboardEvent("keydown", { key, code, ...held }));

  it("goes by the letter, wherever the keyboard has it", () => {
    expect(names("a", "KeyQ")).toEqual(["A"]);
    expect(names("z", "KeyY", { ctrlKey: true })).toEqual(["Ctrl+Z"]);
    expect(names("!", "Digit1", { shiftKey: true })).toEqual(["!"]);
  });

  it("goes by the place too where the keyboard writes other letters, or digits only with Shift", () => {
    expect(names("и", "KeyB")).toEqual(["И", "B"]);
    expect(names("я", "KeyZ", { ctrlKey: true, shiftKey: true })).toEqual(["Ctrl+Shift+Я", "Ctrl+Shift+Z"]);
    expect(names("&", "Digit1")).toEqual(["&", "1"]);
    expect(names("1", "Digit1", { shiftKey: true })).toEqual(["1"]);
  });
});

describe("focus", () => {
  it("leaves keys to fields, lists and dialogs", () => {
    document.body.innerHTML = `<input id="field"><select id="select"></select><div role="dialog"><button id="inside"></button></div>
      <button id="button"></button><div id="canvas"></div><div id="slider" role="slider"></div>`;
    const typing = (id: string) => isTyping(document.getElementById(id));
    const ids = ["field", "select", "inside", "slider", "button", "canvas"];
    expect(ids.map(typing)).toEqual([true, true, true, true, false, false]);
    expect(isPressable(document.getElementById("button"))).toBe(true);
    expect(isPressable(document.getElementById("canvas"))).toBe(false);
  });
});

function desk(): Desk & { readonly went: string[] } {
  const editor = new Editor();
  editor.setView({ width: 400, height: 300 });
  const box = drawn({ type: "box", x0: 10, y0: 10, x1: 30, y1: 30 }, "cat");
  editor.open(new Document("picture", { width: 200, height: 150 }, [box]));
  const went: string[] = [];
  return {
    editor,
    went,
    go: (where) => went.push(where),
    save: () => went.push("save"),
    help: () => went.push("help"),
    work: { submit: () => false, accept: () => false, giveBack: () => false, next: () => false, comment: () => false },
    empty: () => went.push("empty"),
    propose: () => went.push("propose"),
    history: () => went.push("history"),
    outline: () => went.push("outline"),
    similar: () => went.push("similar"),
    alike: () => went.push("alike"),
    tag: () => went.push("tags"),
    title: () => went.push("metadata"),
    describe: { begin: () => went.push("attributes"), toggleTold: () => went.push("told") },
    leave: () => false,
    settings: () => went.push("settings"),
    carry: {
      copy: () => went.push("copy") > 0,
      cut: () => went.push("cut") > 0,
      paste: () => went.push("paste") > 0,
      take: () => went.push("take"),
      toggleKeep: () => went.push("keep"),
      ask: () => went.push("ask"),
    },
    look: () => went.push("look"),
    filter: () => went.push("filter"),
    palette: () => went.push("palette"),
    pick: () => went.push("pick"),
    digit: (digit) => went.push(digit) > 0,
  };
}

const keymap = new Keymap();
const run = (on: Desk, key: string) => actionById.get(keymap.idFor(key) ?? "box")?.run(on);

describe("actions", () => {
  it("has one action a key", () => {
    const keys = ACTIONS.flatMap((action) => action.keys);
    expect(new Set(keys).size).toBe(keys.length);
    expect(actionById.size).toBe(ACTIONS.length + VIDEO_ACTIONS.length);
  });

  it("goes through the objects with Tab, then lets the focus go on", () => {
    const on = desk();
    expect(run(on, "Tab")).toBe(true);
    expect(on.editor.selected.size).toBe(1);
    expect(run(on, "Tab")).toBe(false);
  });

  it("nudges, deletes and takes back", () => {
    const on = desk();
    run(on, "Tab");
    run(on, "Shift+ArrowRight");
    expect(on.editor.document?.store.all()[0]?.geometry).toMatchObject({ x0: 20, x1: 40 });
    run(on, "Backspace");
    expect(on.editor.document?.store.size).toBe(0);
    run(on, "Ctrl+Z");
    run(on, "Ctrl+Z");
    expect(on.editor.document?.store.all()[0]?.geometry).toMatchObject({ x0: 10 });
    run(on, "Ctrl+Y");
    expect(on.editor.document?.store.all()[0]?.geometry).toMatchObject({ x0: 20 });
  });

  it("leaves drawing with Escape, then the selection", () => {
    const on = desk();
    run(on, "B");
    expect(on.editor.state.tool).toBe("box");
    run(on, "Escape");
    expect(on.editor.state.tool).toBe("select");
    run(on, "Ctrl+A");
    run(on, "Escape");
    expect(on.editor.selected.size).toBe(0);
  });

  it("goes to other pictures", () => {
    const on = desk();
    for (const key of ["D", "A", "PageDown", "PageUp", "U", "?"]) run(on, key);
    expect(on.went).toEqual(["next", "previous", "next", "previous", "unlabeled", "help"]);
  });

  it("says that there are no objects, opens the history and asks a model", () => {
    const on = desk();
    for (const key of ["E", "Shift+R", "M", "F2", "3"]) run(on, key);
    expect(on.went).toEqual(["empty", "history", "propose", "settings", "3"]);
  });

  it("decides about proposals, and leaves the keys alone where there are none", () => {
    const on = desk();
    for (const key of ["J", "K", "X", "Enter", "Shift+Enter"]) expect(run(on, key)).toBe(false);
    const { editor } = on;
    const box = drawn({ type: "box", x0: 50, y0: 50, x1: 70, y1: 70 }, "cat");
    const proposals = ["a", "b"].map((id) => ({ ...box, id, state: "proposal" as const, score: 0.5 }));
    editor.change(proposals.map((annotation) => ({ op: "create", annotation })));
    run(on, "J");
    run(on, "Enter");
    run(on, "X");
    expect(editor.document?.store.all().map(({ state }) => state)).toEqual(["manual", "accepted"]);
    run(on, "Ctrl+Z");
    expect(run(on, "Shift+Enter")).toBe(true);
    expect(editor.document?.store.all().map(({ state }) => state)).toEqual(["manual", "accepted", "accepted"]);
  });
});

describe("hotkeysOf", () => {
  const named = (id: string, hotkey: string | null) => ({
    id, hotkey, name: id, color: "#000000", project_id: "p", position: 0, hidden: false, annotations: 0, attributes: [],
  }); // prettier-ignore

  it("gives digits to the first classes that have no key of their own", () => {
    const hotkeys = hotkeysOf([named("a", null), named("b", "1"), named("c", "x"), named("d", null)]);
    expect(Object.fromEntries(hotkeys)).toEqual({ a: "2", b: "1", c: "X", d: "3" });
    const many = hotkeysOf(Array.from({ length: 12 }, (_, i) => named(`class ${i}`, null)));
    expect(many.size).toBe(9);
  });
});
