/** The project's classes as the editor needs them: styles for the canvas, hotkeys, adding one on the way. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";

import { api, call } from "../api/client";
import { keys } from "../api/keys";
import { classesQuery, projectQuery } from "../api/queries";
import type { LabelClass } from "../api/types";
import type { Editor, Styles } from "../canvas";
import { useMay } from "../features/people/useMay";
import type { Digit } from "./actions";
import { ofClass } from "./attributes/fields";
import type { Definitions } from "./attributes/fields";
import { noteUse } from "./find/recent";
import type { Keymap } from "./keymap/keymap";
import { useEditor } from "./useEditor";

export interface Classes {
  /** Those that may be chosen; hidden ones keep their style and their annotations. */
  readonly list: readonly LabelClass[];
  readonly isLoading: boolean;
  /** Whether the person may make classes. */
  readonly canAdd: boolean;
  readonly styles: Styles;
  /** What objects of a class have besides it, also of all classes. */
  readonly attributes: (classId: string) => Definitions;
  /** Key by class id. */
  readonly hotkeys: ReadonlyMap<string, string>;
  /** Chooses the class that has this key; false where none has it. */
  readonly press: (hotkey: string) => boolean;
  /** Makes a class and returns its id. */
  readonly add: (name: string) => Promise<string>;
  /** Chooses the class of the next shape, and gives it to what is selected. */
  readonly choose: (classId: string) => void;
}

const NONE: readonly LabelClass[] = [];
const NO_ATTRIBUTES: Definitions = [];

/** The keys that classes have by themselves come first; digits that are left go to the first classes without one. */
export function hotkeysOf(classes: readonly LabelClass[]): Map<string, string> {
  const hotkeys = new Map(classes.flatMap(({ id, hotkey }) => (hotkey ? [[id, hotkey.toUpperCase()] as const] : [])));
  const taken = new Set(hotkeys.values());
  const free = Array.from("123456789").filter((digit) => !taken.has(digit));
  for (const { id } of classes) {
    const digit = hotkeys.has(id) ? undefined : free.shift();
    if (digit !== undefined) hotkeys.set(id, digit);
  }
  return hotkeys;
}

/** The digits that `hotkeysOf` gives are actions, whose keys a person may change; other keys are those of the class. */
export const isDigit = (hotkey: string): hotkey is Digit => /^[1-9]$/.test(hotkey);

/** The key that chooses a class just now. */
export const hotkeyShown = (hotkey: string, keymap: Keymap): string =>
  isDigit(hotkey) ? keymap.keyOf(`class${hotkey}`) : hotkey;

/** Remembers the class last used in a project for the next visit. */
const memory = {
  read: (projectId: string): string | null => localStorage.getItem(`boxwright.class.${projectId}`),
  write: (projectId: string, classId: string): void => localStorage.setItem(`boxwright.class.${projectId}`, classId),
};

/** `told` says whether labels tell attributes. */
export function useClasses(projectId: string, editor: Editor, told = false): Classes {
  const client = useQueryClient();
  const canAdd = useMay(projectId)("manage");
  const query = useQuery(classesQuery(projectId));
  const all = query.data ?? NONE;
  const shared = useQuery(projectQuery(projectId)).data?.attributes ?? NO_ATTRIBUTES;
  const list = useMemo(() => all.filter(({ hidden }) => !hidden), [all]);
  const { mutateAsync: addClass } = useMutation({
    mutationFn: (name: string) =>
      call(
        api.POST("/api/v1/projects/{project_id}/classes", {
          params: { path: { project_id: projectId } },
          body: { names: [name] },
        }),
      ),
    onSuccess: (added) => {
      const ids = new Set(all.map(({ id }) => id));
      client.setQueryData(keys.classes(projectId), [...all, ...added.filter(({ id }) => !ids.has(id))]);
      return client.invalidateQueries({ queryKey: keys.classes(projectId) });
    },
  });
  const current = useEditor(editor, ({ classId }) => classId);
  useEffect(() => {
    if (list.some(({ id }) => id === current)) return;
    const remembered = memory.read(projectId);
    const first = list.find(({ id }) => id === remembered) ?? list[0];
    editor.setClass(first?.id ?? null);
  }, [editor, list, current, projectId]);
  return useMemo(() => {
    const hotkeys = hotkeysOf(list);
    const byHotkey = new Map(Array.from(hotkeys, ([id, key]) => [key, id]));
    const attributes = new Map(all.map((one) => [one.id, ofClass(one.attributes, shared)]));
    const tell = (id: string) => (told ? { told: (attributes.get(id) ?? []).map(({ name }) => name) } : {});
    const choose = (classId: string): void => {
      editor.setClass(classId);
      memory.write(projectId, classId);
      noteUse(projectId, classId);
      if (editor.selected.size > 0) editor.relabel(editor.selected, classId);
    };
    return {
      list,
      isLoading: query.data === undefined,
      canAdd,
      styles: new Map(all.map(({ id, name, color }) => [id, { name, color, ...tell(id) }])),
      attributes: (classId) => attributes.get(classId) ?? shared,
      hotkeys,
      press: (hotkey) => {
        const classId = byHotkey.get(hotkey);
        if (classId !== undefined) choose(classId);
        return classId !== undefined;
      },
      add: async (name) => {
        const added = await addClass(name);
        const made = added.find((one) => one.name === name) ?? added.at(-1);
        return made?.id ?? "";
      },
      choose,
    };
  }, [all, list, shared, told, query.data, canAdd, editor, projectId, addClass]);
}
