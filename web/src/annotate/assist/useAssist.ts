/** The smart tools' way to the server: what clicks mean, and what is in the selected boxes. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { api, call } from "../../api/client";
import type { Schemas } from "../../api/client";
import { keys } from "../../api/keys";
import { boundsOf, drawn, edited, visiblePart } from "../../canvas";
import type { Annotation, Bounds, Editor, Geometry, Prompt } from "../../canvas";
import { notifyDone, notifyError } from "../../components/notify";
import { assist as text } from "../../strings/assist";
import { useEditor } from "../useEditor";

type Assistant = Schemas["Assistant"];
type Wish = Partial<Pick<Prompt, "box" | "inside" | "outside">> & { readonly view?: readonly number[] };

// The client widens fixed-length arrays; the schema is the truth.
async function find(imageId: string, wish: Wish, signal?: AbortSignal): Promise<Geometry | null> {
  const body = { shape: "polygon", ...wish } as never;
  const params = { path: { image_id: imageId } };
  const asked = api.POST("/api/v1/images/{image_id}/segment", { params, body, ...(signal ? { signal } : {}) });
  return (await call(asked)).geometry as Geometry | null;
}

/** Answers the questions of the smart tool; a newer question breaks off the older one. */
function useClicks(editor: Editor): void {
  useEffect(() => {
    let stop = new AbortController();
    const done = editor.on("prompt", (prompt) => {
      stop.abort();
      const id = editor.document?.id;
      if (!prompt || id === undefined) return;
      stop = new AbortController();
      const { question, box, inside, outside } = prompt;
      const own = stop;
      find(
        id,
        { box, inside, outside, view: visiblePart(editor.camera, editor.view, editor.picture) },
        own.signal,
      ).then(
        (found) => editor.outlined(question, found),
        (error: unknown) => {
          if (own.signal.aborted) return;
          editor.outlined(question, null);
          notifyError(error, text.failed);
        },
      );
    });
    return () => {
      stop.abort();
      done();
    };
  }, [editor]);
}

/** Boxes worked on at the same time: as many as the server does. */
const TOGETHER = 2;

async function outlines(imageId: string, boxes: readonly Annotation[]): Promise<Map<string, Geometry | null>> {
  const found = new Map<string, Geometry | null>();
  const waiting = [...boxes];
  const work = async (): Promise<void> => {
    for (let one = waiting.shift(); one; one = waiting.shift())
      found.set(one.id, await find(imageId, { box: boundsOf(one.geometry) }));
  };
  await Promise.all(Array.from({ length: TOGETHER }, work));
  return found;
}

export const isBoxed = ({ geometry: { type } }: Annotation): boolean => type === "box" || type === "rotated_box";

/** More than this share of one box over the other, and both show the same thing. */
const SAME = 0.3;

function overlap(a: Bounds, b: Bounds): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  if (width <= 0 || height <= 0) return 0;
  const area = ([x0, y0, x1, y1]: Bounds): number => (x1 - x0) * (y1 - y0);
  return (width * height) / (area(a) + area(b) - width * height);
}

/** Boxes that look like the only selected shape, as proposals of its class where nothing is yet. */
async function proposals(editor: Editor, imageId: string, like: Annotation): Promise<Annotation[]> {
  const params = { path: { image_id: imageId } };
  const body = { box: boundsOf(like.geometry) } as never;
  const found = await call(api.POST("/api/v1/images/{image_id}/similar", { params, body }));
  const taken = (editor.document?.store.all() ?? []).map(({ geometry }) => boundsOf(geometry));
  return found.flatMap(({ box, score }) => {
    const bounds = box as unknown as Bounds;
    if (taken.some((other) => overlap(bounds, other) > SAME)) return [];
    const [x0, y0, x1, y1] = bounds;
    const made = drawn({ type: "box", x0, y0, x1, y1 }, like.class_id);
    return [{ ...made, source: "model" as const, state: "proposal" as const, score }];
  });
}

export interface Assist {
  /** Whether there is a network for outlines; unknown until the tool is taken. */
  readonly assistant: Assistant | undefined;
  /** Whether outlines of boxes are on their way. */
  readonly busy: boolean;
  /** Turns the selected boxes into outlines, as one step of undo. */
  readonly outline: () => void;
  /** Proposes what looks like the only selected shape. */
  readonly similar: () => void;
}

/** Has this picture and the next one made ready for clicks while the tool is in the hand, where there is a network. */
function useReady(editor: Editor, projectId: string, next: string | null): Assistant | undefined {
  const isChosen = useEditor(editor, ({ tool }) => tool === "smart");
  const id = useEditor(editor, ({ documentId }) => documentId);
  const params = { path: { project_id: projectId } };
  const queryFn = () => call(api.GET("/api/v1/projects/{project_id}/assist", { params }));
  const queryKey = keys.assistant(projectId);
  const assistant = useQuery({ queryKey, queryFn, enabled: isChosen, staleTime: 60_000 }).data;
  const isReady = isChosen && assistant?.network === "ready";
  useEffect(() => {
    if (!isReady) return;
    for (const image of [id, next]) {
      if (image === null) continue;
      const params = { path: { image_id: image } };
      // What goes wrong is told with the first click.
      call(api.POST("/api/v1/images/{image_id}/segment/prepare", { params })).catch(() => undefined);
    }
  }, [isReady, id, next]);
  return assistant;
}

export function useAssist(editor: Editor, projectId: string, next: string | null): Assist {
  useClicks(editor);
  const assistant = useReady(editor, projectId, next);
  const [busy, setBusy] = useState(false);
  const outline = (): void => {
    const { document } = editor;
    const boxes = editor.chosen().filter(isBoxed);
    if (!document || busy || editor.state.readOnly) return;
    if (boxes.length === 0) {
      notifyDone(text.none);
      return;
    }
    setBusy(true);
    outlines(document.id, boxes)
      .then((found) => {
        if (editor.document === document) apply(editor, boxes, found);
        else notifyDone(text.left);
      })
      .catch((error: unknown) => notifyError(error, text.failed))
      .finally(() => setBusy(false));
  };
  const similar = (): void => {
    const { document } = editor;
    const [like, more] = editor.chosen();
    if (!document || busy || editor.state.readOnly) return;
    if (!like || more) {
      notifyDone(text.one);
      return;
    }
    setBusy(true);
    proposals(editor, document.id, like)
      .then((made) => {
        if (editor.document !== document) {
          notifyDone(text.left);
          return;
        }
        // What is being drawn meanwhile goes on.
        editor.commit(made.map((annotation) => ({ op: "create", annotation })));
        notifyDone(text.alike(made.length));
        if (made.length > 0 && !editor.activeTool.busy) editor.cycleProposal(1);
      })
      .catch((error: unknown) => notifyError(error, text.failed))
      .finally(() => setBusy(false));
  };
  return { busy, outline, similar, assistant };
}

/** A box that was changed or deleted meanwhile stays as it is now. */
function apply(editor: Editor, boxes: readonly Annotation[], found: ReadonlyMap<string, Geometry | null>): void {
  const changes = boxes.flatMap((before) => {
    const geometry = found.get(before.id);
    const now = editor.get(before.id);
    return geometry && now?.geometry === before.geometry ? [edited(now, { geometry: editor.shaped(geometry) })] : [];
  });
  editor.commit(changes);
  const missed = boxes.length - changes.length;
  if (missed > 0) notifyDone(text.missed(missed));
  else notifyDone(text.done(changes.length));
}
