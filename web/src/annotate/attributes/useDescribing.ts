/** Attributes in the editor: what new objects begin with, what labels tell, and the way to the fields by key. */
import { useEffect, useRef } from "react";

import type { Editor } from "../../canvas";
import { notifyDone } from "../../components/notify";
import { describing as words } from "../../strings/attributes";
import type { Classes } from "../useClasses";
import { useEditor } from "../useEditor";
import { startOf } from "./fields";

/** Marks the fields, which the key goes to. */
export const FIELD = "data-attribute-field";

export const focusable = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>(`[${FIELD}]`)];

export interface Describing {
  /** Goes to the first field; where nothing is selected, of the object drawn last. */
  readonly begin: () => void;
  /** Whether labels tell attributes. */
  readonly told: boolean;
  readonly toggleTold: () => void;
}

export function useDescribing(
  editor: Editor,
  classes: Classes,
  told: boolean,
  setTold: (told: boolean) => void,
  showPanel: () => void,
): Describing {
  const last = useRef<string | null>(null);
  const opened = useEditor(editor, (state) => state.documentId);
  useEffect(() => editor.on("drawn", ({ id }) => (last.current = id)), [editor]);
  useEffect(() => {
    last.current = null;
  }, [opened]);
  useEffect(() => {
    editor.setDefaults(new Map([...classes.styles.keys()].map((id) => [id, startOf(classes.attributes(id))])));
  }, [editor, classes]);
  const begin = (): void => {
    if (editor.selected.size === 0 && last.current !== null) editor.select([last.current]);
    if (editor.selected.size === 0) {
      notifyDone(words.selectFirst);
      return;
    }
    showPanel();
    // The fields of what was selected just now are there after the next drawing.
    requestAnimationFrame(() => {
      const [first] = focusable();
      if (first) first.focus();
      else notifyDone(words.nothing);
    });
  };
  return { begin, told, toggleTold: () => setTold(!told) };
}
