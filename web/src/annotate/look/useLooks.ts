/** How a person likes to look at pictures is remembered in the browser. */
import { useEffect } from "react";

import type { Editor } from "../../canvas";

const KEY = "boxwright.editor.looks";

/** What was kept; the editor leaves out what makes no sense. */
function kept(): Record<string, unknown> {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEY) ?? "null");
    return typeof found === "object" && found !== null ? { ...found } : {};
  } catch {
    return {};
  }
}

export function useLooks(editor: Editor): void {
  useEffect(() => {
    editor.setLooks(kept());
    let known = editor.state.looks;
    return editor.on("state", ({ looks }) => {
      if (looks !== known) localStorage.setItem(KEY, JSON.stringify(looks));
      known = looks;
    });
  }, [editor]);
}
