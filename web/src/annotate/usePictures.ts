/** Which picture is open, what comes before and after it, and how to get there. */
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";

import { api, call } from "../api/client";
import { notifyDone, notifyError } from "../components/notify";
import { filterQuery, isMoving, parseFilter } from "../features/images/filter";
import type { ImageFilter } from "../features/images/filter";
import { annotate as text } from "../strings/annotate";
import { session } from "./session";
import type { Entry } from "./session";

/** The document of an image: at once if it is here, otherwise when it has come. */
export function useEntry(imageId: string) {
  return useQuery<Entry>({
    queryKey: ["document", imageId],
    queryFn: () => session.open(imageId),
    initialData: () => session.peek(imageId),
    staleTime: Infinity,
    gcTime: 0,
    structuralSharing: false,
  });
}

export function usePixels(imageId: string) {
  return useQuery<ImageBitmap>({
    queryKey: ["pixels", imageId],
    queryFn: () => session.pixels(imageId),
    initialData: () => session.peekPixels(imageId),
    staleTime: Infinity,
    gcTime: 0,
    structuralSharing: false,
  });
}

/** The order is that of names unless the address says otherwise, so that labelling a picture does not move it. */
const queryOf = (filter: ImageFilter) => ({ ...filterQuery(filter), order: filter.order ?? ("name" as const) });

/** Asked once when a picture is opened: labelling it may take it out of the filter, but not from under our feet. */
function useNeighbours(imageId: string, filter: ImageFilter) {
  const query = queryOf(filter);
  return useQuery({
    queryKey: ["annotateNeighbours", imageId, query],
    queryFn: () =>
      call(api.GET("/api/v1/images/{image_id}/neighbours", { params: { path: { image_id: imageId }, query } })),
    staleTime: Infinity,
    gcTime: 0,
  });
}

/** Steps taken in a filter whose members change while one works: they lead back even when the server no longer knows. */
const steps = { filter: "", after: new Map<string, string>(), before: new Map<string, string>() };

function stepsOf(filter: ImageFilter): typeof steps {
  const name = isMoving(filter) ? JSON.stringify(filter) : "";
  if (steps.filter !== name) Object.assign(steps, { filter: name, after: new Map(), before: new Map() });
  return steps;
}

function remember(filter: ImageFilter, from: string, to: string): void {
  if (!isMoving(filter)) return;
  const { after, before } = stepsOf(filter);
  after.set(from, to);
  before.set(to, from);
}

async function firstUnlabeled(projectId: string, filter: ImageFilter, except: string): Promise<string | undefined> {
  const query = { ...queryOf(filter), state: "unlabeled" as const, limit: 2 };
  const path = { project_id: projectId };
  const page = await call(api.GET("/api/v1/projects/{project_id}/images", { params: { path, query } }));
  return page.items.find(({ id }) => id !== except)?.id;
}

export type Where = "next" | "previous" | "unlabeled";

const NOTHING: Readonly<Record<Where, string>> = {
  next: text.noNext,
  previous: text.noPrevious,
  unlabeled: text.noUnlabeled,
};

export function usePictures(projectId: string, imageId: string) {
  const filter = parseFilter(useSearch({ strict: false }));
  const asked = useNeighbours(imageId, filter);
  const neighbours = asked.data;
  const navigate = useNavigate();
  const next = stepsOf(filter).after.get(imageId) ?? neighbours?.next_id ?? null;
  const previous = stepsOf(filter).before.get(imageId) ?? neighbours?.previous_id ?? null;

  useEffect(() => {
    if (next) session.prefetch(next);
    if (previous) session.prefetch(previous);
  }, [next, previous]);
  /** The next images of this filter, at most so many. */
  const following = async (most: number): Promise<readonly string[]> => {
    const ids: string[] = [];
    for (let id = next; id !== null && ids.length < most;) {
      ids.push(id);
      const params = { path: { image_id: id }, query: queryOf(filter) };
      id = (await call(api.GET("/api/v1/images/{image_id}/neighbours", { params }))).next_id;
    }
    return ids;
  };
  /** Returns the image that is open then; null where there is none. */
  const go = async (where: Where): Promise<string | null> => {
    try {
      const beside = where === "next" ? next : previous;
      const target = where === "unlabeled" ? await firstUnlabeled(projectId, filter, imageId) : beside;
      if (!target) {
        // Nothing is known yet while the neighbours are on their way.
        if (where === "unlabeled" || neighbours) notifyDone(NOTHING[where]);
        return null;
      }
      if (where === "next") remember(filter, imageId, target);
      if (where === "previous") remember(filter, target, imageId);
      const params = { projectId, imageId: target };
      await navigate({ to: "/projects/$projectId/annotate/$imageId", params, search: filter });
      return target;
    } catch (error) {
      notifyError(error);
      return null;
    }
  };
  /** Opens any picture of the project. */
  const open = (id: string): void => {
    const params = { projectId, imageId: id };
    void navigate({ to: "/projects/$projectId/annotate/$imageId", params, search: filter });
  };
  /** Goes to the images that look like this one. */
  const alike = (): void =>
    void navigate({
      to: "/projects/$projectId/dataset",
      params: { projectId },
      search: { view: "map", similar: imageId },
    });
  return { filter, asked, neighbours, next, previous, go, open, following, alike };
}

export type Pictures = ReturnType<typeof usePictures>;
