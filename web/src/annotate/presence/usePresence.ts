/** Who else has the open picture open: told to the server now and then, and told by it at once. */
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

const params = (imageId: string) => ({ params: { path: { image_id: imageId, tab: TAB } } });

/** The others on a picture; without accounts there are none, and nothing is asked. */
export function usePresence(imageId: string): readonly Person[] {
  const me = useSession().data?.id;
  const accounts = useQuery(signInQuery).data?.accounts === true;
  const [here, setHere] = useState<{ imageId: string; people: readonly Person[] }>({ imageId, people: [] });

  useEffect(() => {
    if (!accounts) return undefined;
    let isOver = false;
    const beat = (): void => {
      call(api.PUT("/api/v1/images/{image_id}/presence/{tab}", params(imageId))).then(
        (people) => {
          if (!isOver) setHere({ imageId, people });
        },
        // While the server is away nobody is known to be here; the save badge says that it is.
        () => {
          if (!isOver) setHere({ imageId, people: [] });
        },
      );
    };
    const leave = (): void => {
      api
        .DELETE("/api/v1/images/{image_id}/presence/{tab}", { ...params(imageId), keepalive: true })
        .catch(() => undefined);
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
  }, [imageId, accounts]);

  useServerEvents((event) => {
    if (event === "resync" || event.topic !== "presence" || event.id !== imageId) return;
    const people = event.data["people"];
    if (Array.isArray(people)) setHere({ imageId, people: people as Person[] });
  });

  return here.imageId === imageId ? here.people.filter(({ user_id }) => user_id !== me) : [];
}
