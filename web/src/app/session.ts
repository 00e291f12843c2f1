import { useQuery } from "@tanstack/react-query";
import { api, ApiError, call, messageOf } from "../api/client";
import { keys } from "../api/keys";
import type { Caller } from "../api/types";
import { queryClient } from "./queryClient";

/** Why the link in the address did not sign in; shown beside the explanation how to get another. */
export let signInProblem: string | null = null;

/**
 * Exchange the one-time token of the address (`#token=...`) for a cookie. The token leaves the address at once, before
 * anything else can read or store it. Called once, before the router looks at the address.
 */
function exchangeToken(): Promise<void> {
  const token = new URLSearchParams(window.location.hash.slice(1)).get("token");
  if (token === null) return Promise.resolve();
  window.history.replaceState(null, "", window.location.pathname + window.location.search);
  return call(api.POST("/api/v1/session", { body: { token } })).then(
    () => undefined,
    (error: unknown) => {
      signInProblem = messageOf(error);
    },
  );
}

const exchanged = exchangeToken();

/** Sign in with name and password. Nothing of whoever was signed in before stays in the cache. */
export async function signIn(name: string, password: string): Promise<void> {
  const caller = await call(api.POST("/api/v1/session/password", { body: { name, password } }));
  queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== keys.session[0] });
  queryClient.setQueryData(keys.session, caller);
}

/** Sign out. The page is loaded anew, so that nothing of the person stays in this window. */
export async function signOut(): Promise<void> {
  await call(api.DELETE("/api/v1/session"));
  window.location.assign("/");
}

/** Who is signed in; null when nobody is. */
export function useSession() {
  return useQuery<Caller | null>({
    queryKey: keys.session,
    staleTime: Infinity,
    queryFn: async () => {
      await exchanged;
      try {
        return await call(api.GET("/api/v1/session"));
      } catch (error) {
        if (error instanceof ApiError && error.status === 401) return null;
        throw error;
      }
    },
  });
}
