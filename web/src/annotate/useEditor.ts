/** The editor's state for React: a component is drawn again only when the part it asked for changes. */
import { useCallback, useSyncExternalStore } from "react";

import type { Annotation, Editor, EditorState, Item } from "../canvas";
import type { SaveStatus, SyncQueue } from "./sync/queue";

/** One value of the state; `pick` must return a primitive or an object that lives in the state. */
export function useEditor<T>(editor: Editor, pick: (state: EditorState) => T): T {
  const subscribe = useCallback((notify: () => void) => editor.on("state", notify), [editor]);
  return useSyncExternalStore(subscribe, () => pick(editor.state));
}

/** Counts the changes of the open document. */
const versions = new WeakMap<Editor, number>();

/** Hears of each ChangeSet, and of another document. */
function useChanges(editor: Editor): (notify: () => void) => () => void {
  return useCallback(
    (notify: () => void) => {
      const changed = (): void => {
        versions.set(editor, (versions.get(editor) ?? 0) + 1);
        notify();
      };
      const stops = [editor.on("change", changed), editor.on("open", changed)];
      return () => {
        for (const stop of stops) stop();
      };
    },
    [editor],
  );
}

/** The annotations of the open document, drawn again after each ChangeSet. */
export function useAnnotations(editor: Editor): readonly Annotation[] {
  useSyncExternalStore(useChanges(editor), () => versions.get(editor) ?? 0);
  return editor.document?.store.all() ?? [];
}

/** What follows from the annotations: drawn again only when that is another. `pick` must return a primitive. */
export function useOfAnnotations<T extends boolean | number | string>(
  editor: Editor,
  pick: (annotations: readonly Annotation[]) => T,
): T {
  return useSyncExternalStore(useChanges(editor), () => pick(editor.document?.store.all() ?? []));
}

const NOTHING: SaveStatus<never> = { state: "saved", message: "", clashes: [], unsaved: 0, kept: true };

export function useSaveStatus<T extends Item>(queue: SyncQueue<T> | undefined): SaveStatus<T> {
  const subscribe = useCallback((notify: () => void) => queue?.subscribe(notify) ?? (() => undefined), [queue]);
  return useSyncExternalStore(subscribe, () => queue?.status ?? NOTHING);
}
