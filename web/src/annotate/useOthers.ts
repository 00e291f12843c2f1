/** Other hands on the same picture: their work waits until ours lets go of a shape, and is told quietly, by name. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { api, call } from "../api/client";
import { keys } from "../api/keys";
import type { Caller } from "../api/types";
import { queryClient } from "../app/queryClient";
import type { Editor, Item } from "../canvas";
import { annotate as text } from "../strings/annotate";
import { session } from "./session";
import type { Clash } from "./sync/merge";
import { isVideo, videoIdOf } from "./sync/subjects";

/** What is asked of an entry of the history. */
interface LogEntry {
  readonly revision: number;
  readonly author_id: string | null;
  readonly author_name?: string | null;
  readonly ids: readonly string[];
}

const SHOWN_MS = 5000;
/** Tools that change what is there already. */
const CHANGING: ReadonlySet<string> = new Set(["select", "brush", "eraser"]);

/** While a shape is held, the newer state of the server waits. */
export function useCalm(editor: Editor): void {
  useEffect(() => {
    const holds = (): boolean => CHANGING.has(editor.state.tool) && editor.activeTool.busy;
    session.calm = () => {
      if (!holds()) return Promise.resolve();
      return new Promise((resolve) => {
        const look = (): void => {
          // The tool tells before it has put its work down.
          queueMicrotask(() => {
            if (holds()) return;
            for (const stop of stops) stop();
            resolve();
          });
        };
        const stops = [
          editor.on("preview", look),
          editor.on("ink", look),
          editor.on("state", look),
          editor.on("open", look),
        ];
      });
    };
    return () => {
      session.calm = () => Promise.resolve();
    };
  }, [editor]);
}

/** What somebody else has just done on the open picture, in words; empty after a moment. */
export function useNews(imageId: string | undefined): string {
  const [news, setNews] = useState("");
  useEffect(() => {
    let timer: number | undefined;
    let last = 0;
    const stop = session.onNews((id, { changes, since }) => {
      if (id !== imageId) return;
      const mine = ++last;
      void whoSince(id, since).then((who) => {
        if (mine !== last) return;
        setNews(who === text.you ? text.changedByYou(changes) : text.changedBy(who, changes));
        window.clearTimeout(timer);
        timer = window.setTimeout(() => setNews(""), SHOWN_MS);
      });
    });
    return () => {
      stop();
      last = -1;
      window.clearTimeout(timer);
      setNews("");
    };
  }, [imageId]);
  return news;
}

/** Who has changed each shape in question last, as the history of the picture knows it. */
export function useAuthors<T extends Item>(imageId: string, clashes: readonly Clash<T>[]): ReadonlyMap<string, string> {
  const ids = clashes.map(({ id }) => id);
  const history = useQuery({
    queryKey: ["conflictAuthors", imageId, ids],
    queryFn: () => lately(imageId),
    enabled: ids.length > 0,
    staleTime: 0,
  });
  const found = new Map<string, string>();
  for (const id of ids) {
    const entry = history.data?.find((one) => one.ids.includes(id));
    if (entry) found.set(id, nameOf(entry));
  }
  return found;
}

async function whoSince(imageId: string, since: number): Promise<string> {
  try {
    const entries = (await lately(imageId)).filter(({ revision }) => revision > since);
    const names = [...new Set(entries.map(nameOf))].sort((a, b) => Number(a === text.you) - Number(b === text.you));
    return names.length > 2 ? text.several : names.join(text.and) || text.somebody;
  } catch {
    return text.somebody;
  }
}

const LATELY = 20;

/** The last saves of an image or of the tracks of a video, newest first. */
async function lately(subject: string): Promise<readonly LogEntry[]> {
  const query = { limit: LATELY };
  if (isVideo(subject)) {
    const params = { path: { video_id: videoIdOf(subject) }, query };
    const { items } = await call(api.GET("/api/v1/videos/{video_id}/history", { params }));
    return items.map(({ changes, ...saved }) => ({ ...saved, ids: changes.map((one) => idOf(one, "track")) }));
  }
  const params = { path: { image_id: subject }, query };
  const { items } = await call(api.GET("/api/v1/images/{image_id}/history", { params }));
  return items.map(({ changes, ...saved }) => ({ ...saved, ids: changes.map((one) => idOf(one, "annotation")) }));
}

type Put<Name extends string> = { readonly op: "upsert" } & Readonly<Record<Name, { readonly id: string }>>;
type Logged<Name extends string> = { readonly op: "delete"; readonly id: string } | Put<Name>;

const idOf = <Name extends string>(change: Logged<Name>, name: Name): string =>
  change.op === "delete" ? change.id : change[name].id;

function nameOf({ author_id, author_name }: LogEntry): string {
  const me = queryClient.getQueryData<Caller | null>(keys.session)?.id;
  return author_id === me ? text.you : (author_name ?? text.somebody);
}
