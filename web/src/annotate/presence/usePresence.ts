/** Who else has the open image or video open: told to the server now and then, and told by it at once. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { api, call } from "../../api/client";
import { useServerEvents } from "../../api/events";
import { signInQuery } from "../../api/queries";
import { useSession } from "../../app/session";

export interface Person {
  readonly user_id: string;
  readonly name: string;
}

const BEAT_MS = 20_000;
/** This window, until it is loaded anew. */
const TAB = crypto.randomUUID();

/** What a window can show. */
export type Kind = "images" | "videos";

const WAYS = {
  images: {
    enter: (id: string) =>
      call(api.PUT("/api/v1/images/{image_id}/presence/{tab}", { params: { path: { image_id: id, tab: TAB } } })),
    leave: (id: string) =>
      api.DELETE("/api/v1/images/{image_id}/presence/{tab}", {
        params: { path: { image_id: id, tab: TAB } },
        keepalive: true,
      }),
  },
  videos: {
    enter: (id: string) =>
      call(api.PUT("/api/v1/videos/{video_id}/presence/{tab}", { params: { path: { video_id: id, tab: TAB } } })),
    leave: (id: string) =>
      api.DELETE("/api/v1/videos/{video_id}/presence/{tab}", {
        params: { path: { video_id: id, tab: TAB } },
        keepalive: true,
      }),
  },
};

/** The others on an image or a video; without accounts there are none, and nothing is asked. */
export function usePresence(kind: Kind, id: string): readonly Person[] {
  const me = useSession().data?.id;
  const accounts = useQuery(signInQuery).data?.accounts === true;
  const [here, setHere] = useState<{ id: string; people: readonly Person[] }>({ id, people: [] });

  useEffect(() => {
    if (!accounts) return undefined;
    let isOver = false;
    const beat = (): void => {
      WAYS[kind].enter(id).then(
        (people) => {
          if (!isOver) setHere({ id, people });
        },
        // While the server is away nobody is known to be here; the save badge says that it is.
        () => {
          if (!isOver) setHere({ id, people: [] });
        },
      );
    };
    const leave = (): void => {
      WAYS[kind].leave(id).catch(() => undefined);
    };
    beat();
    const timer = window.setInterval(beat, BEAT_MS);
    window.addEventListener("pagehide", leave);
    return () => {
      isOver = true;
      window.clearInterval(timer);
      window.removeEventListener("pagehide", leave);
      leave();
    };
  }, [kind, id, accounts]);

  useServerEvents((event) => {
    if (event === "resync" || event.topic !== "presence" || event.id !== id) return;
    const people = event.data["people"];
    if (Array.isArray(people)) setHere({ id, people: people as Person[] });
  });

  return here.id === id ? here.people.filter(({ user_id }) => user_id !== me) : [];
}
