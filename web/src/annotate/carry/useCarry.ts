/** Shapes that go from one picture to others: the clipboard, the previous picture, the next ones. */
import { useState } from "react";

import { carrying, changeSet, isProposal, pasting } from "../../canvas";
import type { Annotation, Editor } from "../../canvas";
import { notifyDone, notifyError, notifyUndo } from "../../components/notify";
import { carry as text } from "../../strings/carry";
import { session } from "../session";
import type { Pictures } from "../usePictures";
import { useRemembered } from "../useRemembered";
import { clipboard, copyToClipboard } from "./clipboard";

export interface Carry {
  /** False where nothing is selected: the key is left to the browser. */
  readonly copy: () => boolean;
  readonly cut: () => boolean;
  readonly paste: () => boolean;
  /** Takes over the objects of the previous image. */
  readonly take: () => void;
  /** Whether an image without objects begins with those of the image before. */
  readonly keeps: boolean;
  readonly toggleKeep: () => void;
  /** Goes on to another picture and takes the objects along where that is wanted. */
  readonly go: (where: "next" | "previous" | "unlabeled") => Promise<void>;
  readonly asking: boolean;
  readonly ask: (asking: boolean) => void;
  /** Puts the selected objects into the next images. */
  readonly propagate: (images: number) => Promise<void>;
}

const counted = (annotations: readonly Annotation[]): Annotation[] => annotations.filter((one) => !isProposal(one));

/** Puts objects into a picture that is not on show, as one step of its own undo; returns the way back. */
async function put(annotations: readonly Annotation[], imageId: string): Promise<{ n: number; undo: () => void }> {
  const { document, queue } = await session.open(imageId);
  const { changes } = document.store.apply(changeSet("local", carrying(annotations, document)));
  void queue.flush();
  const undo = (): void => {
    const made = changes.flatMap((one) => (one.op === "create" ? [one.annotation] : []));
    document.store.apply(
      changeSet(
        "local",
        made.map((annotation) => ({ op: "delete", annotation })),
      ),
    );
  };
  return { n: changes.length, undo };
}

export function useCarry(projectId: string, editor: Editor, pictures: Pictures): Carry {
  const [keeps, setKeeps] = useRemembered<boolean>("boxwright.editor.keep", false);
  const [asking, ask] = useState(false);
  const selection = (): Annotation[] =>
    Array.from(editor.selected, (id) => editor.get(id)).filter((one) => one !== undefined);

  const copy = (): boolean => {
    const annotations = selection();
    if (annotations.length === 0) return false;
    copyToClipboard({ projectId, annotations });
    notifyDone(text.copied(annotations.length));
    return true;
  };
  const paste = (): boolean => {
    const clip = clipboard();
    const { document } = editor;
    if (!clip || !document || editor.state.readOnly) return false;
    if (clip.projectId !== projectId) notifyDone(text.otherProject);
    else place(editor, pasting(clip.annotations, document), clip.annotations.length);
    return true;
  };
  const go = async (where: "next" | "previous" | "unlabeled"): Promise<void> => {
    const objects = counted(editor.document?.store.all() ?? []);
    const fixed = editor.state.readOnly;
    const target = await pictures.go(where);
    if (!keeps || fixed || where !== "next" || target === null) return;
    const { document, image } = await session.open(target);
    if (document.store.size > 0 || image.state === "empty" || objects.length === 0) return;
    document.store.apply(changeSet("local", carrying(objects, document)));
    notifyDone(text.kept(objects.length));
  };
  return {
    copy,
    cut: () => !editor.state.readOnly && copy() && (editor.remove(editor.selected), true),
    paste,
    take: () => void take(editor, pictures).catch(notifyError),
    keeps,
    toggleKeep: () => {
      notifyDone(keeps ? text.keepOff : text.keepOn);
      setKeeps(!keeps);
    },
    go: (where) => go(where).catch(notifyError),
    asking,
    ask: (wanted) => {
      if (wanted && (editor.selected.size === 0 || editor.state.readOnly)) notifyDone(text.selectFirst);
      else ask(wanted);
    },
    propagate: (images) => propagate(selection(), images, pictures),
  };
}

async function take(editor: Editor, pictures: Pictures): Promise<void> {
  if (!pictures.previous) {
    notifyDone(text.noPrevious);
    return;
  }
  const { document: before } = await session.open(pictures.previous);
  if (!editor.document || editor.state.readOnly) return;
  const changes = carrying(counted(before.store.all()), editor.document);
  if (changes.length === 0) notifyDone(text.nothingToTake);
  else place(editor, changes, changes.length);
}

async function propagate(annotations: readonly Annotation[], images: number, pictures: Pictures): Promise<void> {
  try {
    const targets = await pictures.following(images);
    const done = [];
    for (const id of targets) done.push(await put(annotations, id));
    const changed = done.filter(({ n }) => n > 0);
    if (targets.length === 0) notifyDone(text.noNext);
    else if (changed.length === 0) notifyDone(text.thereAlready);
    else
      notifyUndo(text.propagated(annotations.length, changed.length), () => {
        for (const { undo } of changed) undo();
      });
  } catch (error) {
    notifyError(error);
  }
}

/** Adds shapes as one step of undo and selects them; says how many the picture could not hold. */
function place(editor: Editor, changes: ReturnType<typeof pasting>, wanted: number): void {
  if (editor.state.tool !== "select") editor.setTool("select");
  editor.change(changes);
  editor.select(changes.flatMap((one) => (one.op === "create" ? [one.annotation.id] : [])));
  if (changes.length < wanted) notifyDone(text.tooLarge(wanted - changes.length));
}
