/** What people say about the open picture, and the comment that is being written. */
import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";

import { api, call } from "../../api/client";
import { keys } from "../../api/keys";
import type { Comment } from "../../api/types";
import { useSession } from "../../app/session";
import { boundsOf, toImage } from "../../canvas";
import type { Editor, Point } from "../../canvas";
import { notifyUndo } from "../../components/notify";
import { useMay } from "../../features/people/useMay";
import { comments as text } from "../../strings/comments";

export const commentsQuery = (imageId: string) =>
  queryOptions({
    queryKey: keys.comments(imageId),
    queryFn: () => call(api.GET("/api/v1/images/{image_id}/comments", { params: { path: { image_id: imageId } } })),
  });

/** Where a new comment is pinned. */
export interface Draft {
  readonly at: Point;
  readonly annotationId: string | null;
}

/** A comment with the number on its pin. */
export interface Numbered extends Comment {
  readonly number: number;
}

function useChanges(imageId: string) {
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: keys.comments(imageId) });
  const add = useMutation({
    mutationFn: ({ said, draft }: { said: string; draft: Draft }) => {
      const [x, y] = draft.at;
      const body = { id: crypto.randomUUID(), text: said, x, y, annotation_id: draft.annotationId };
      return call(api.POST("/api/v1/images/{image_id}/comments", { params: { path: { image_id: imageId } }, body }));
    },
    onSuccess: refresh,
  });
  const resolve = useMutation({
    mutationFn: ({ id, resolved }: { id: string; resolved: boolean }) =>
      call(api.PATCH("/api/v1/comments/{comment_id}", { params: { path: { comment_id: id } }, body: { resolved } })),
    onSuccess: refresh,
  });
  const remove = useMutation({
    mutationFn: ({ id }: Comment) =>
      call(api.DELETE("/api/v1/comments/{comment_id}", { params: { path: { comment_id: id } } })),
    onSuccess: (_nothing, { text: said, x, y, annotation_id }) => {
      const draft: Draft = { at: [x ?? 0, y ?? 0], annotationId: annotation_id ?? null };
      notifyUndo(text.removed, () => add.mutateAsync({ said, draft }));
      return refresh();
    },
  });
  return { add, resolve, remove };
}

/** The spot under the pointer; without one the selected object, else the middle of what is seen. */
function spotOf(editor: Editor, pointer: Point | null): Draft {
  const [id] = editor.selected;
  const chosen = id === undefined ? undefined : editor.document?.store.get(id);
  if (chosen !== undefined) {
    const [, y0, x1] = boundsOf(chosen.geometry);
    return { at: within(editor, [x1, y0]), annotationId: chosen.id };
  }
  const { width, height } = editor.view;
  return { at: within(editor, pointer ?? toImage(editor.camera, [width / 2, height / 2])), annotationId: null };
}

export function within({ picture }: Editor, [x, y]: Point): Point {
  return [Math.max(0, Math.min(x, picture.width)), Math.max(0, Math.min(y, picture.height))];
}

export function useComments(projectId: string, imageId: string, editor: Editor) {
  const asked = useQuery(commentsQuery(imageId));
  const me = useSession().data?.id;
  const may = useMay(projectId);
  const changes = useChanges(imageId);
  const [draft, setDraft] = useState<Draft | null>(null);
  const [placing, setPlacing] = useState(false);
  const [active, setActive] = useState<string | null>(null);
  const [showResolved, setShowResolved] = useState(false);
  const pointer = useRef<Point | null>(null);
  useEffect(() => editor.on("pointer", (at) => (pointer.current = at)), [editor]);
  const [of, setOf] = useState(imageId);
  if (of !== imageId) {
    setOf(imageId);
    setDraft(null);
    setPlacing(false);
    setActive(null);
  }
  const all: Numbered[] = (asked.data ?? []).map((one, place) => ({ ...one, number: place + 1 }));
  const mayComment = may("annotate");
  return {
    all,
    shown: all.filter((one) => showResolved || typeof one.resolved_at !== "string"),
    resolved: all.filter((one) => typeof one.resolved_at === "string").length,
    showResolved,
    toggleResolved: () => setShowResolved(!showResolved),
    draft,
    placing,
    active,
    setActive,
    mayComment,
    mayRemove: (one: Comment): boolean => one.author_id === me || may("manage"),
    nameOf: (one: Comment): string => (one.author_id === me ? text.you : (one.author_name ?? text.somebody)),
    /** By the key: at once, where the pointer is. */
    begin: (): boolean => {
      if (!mayComment || editor.document === null) return false;
      setDraft(spotOf(editor, pointer.current));
      return true;
    },
    /** By the button: the next click says where. */
    place: (on: boolean) => setPlacing(on && mayComment),
    pinAt: (at: Point) => {
      setPlacing(false);
      setDraft({ at: within(editor, at), annotationId: null });
    },
    giveUp: () => setDraft(null),
    say: (said: string) => {
      if (draft !== null) changes.add.mutate({ said, draft }, { onSuccess: () => setDraft(null) });
    },
    saying: changes.add.isPending,
    resolve: (one: Comment, resolved: boolean) => changes.resolve.mutate({ id: one.id, resolved }),
    remove: (one: Comment) => changes.remove.mutate(one),
  };
}

export type Commenting = ReturnType<typeof useComments>;
