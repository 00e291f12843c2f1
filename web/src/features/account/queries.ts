import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, call } from "../../api/client";
import { keys } from "../../api/keys";
import type { ApiToken, Session } from "../../api/types";
import { notifyDone } from "../../components/notify";
import { account as words } from "../../strings/account";

export const tokensQuery = queryOptions({
  queryKey: keys.tokens,
  staleTime: 0,
  queryFn: () => call(api.GET("/api/v1/tokens")),
});

export const sessionsQuery = queryOptions({
  queryKey: keys.sessions,
  staleTime: 0,
  queryFn: () => call(api.GET("/api/v1/sessions")),
});

/** When a token ends that lives so many days from `now`; null for one that lives until it is revoked. */
export function endOf(days: string, now = Date.now()): string | null {
  return days === "" ? null : new Date(now + Number(days) * 86_400_000).toISOString();
}

export function useTokenChanges() {
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: keys.tokens });
  const create = useMutation({
    mutationFn: ({ name, days }: { name: string; days: string }) =>
      call(api.POST("/api/v1/tokens", { body: { name, expires_at: endOf(days) } })),
    onSuccess: () => void refresh(),
  });
  const revoke = useMutation({
    mutationFn: ({ id }: ApiToken) =>
      call(api.DELETE("/api/v1/tokens/{token_id}", { params: { path: { token_id: id } } })),
    onSuccess: (_nothing, token) => {
      notifyDone(words.tokenRevoked(token.name));
      void refresh();
    },
  });
  return { create, revoke };
}

export function useSessionChanges() {
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: keys.sessions });
  const end = useMutation({
    mutationFn: ({ id }: Session) =>
      call(api.DELETE("/api/v1/sessions/{session_id}", { params: { path: { session_id: id } } })),
    onSuccess: () => {
      notifyDone(words.sessionEnded);
      return refresh();
    },
  });
  const endOthers = useMutation({
    mutationFn: () => call(api.DELETE("/api/v1/sessions")),
    onSuccess: () => {
      notifyDone(words.othersEnded);
      return refresh();
    },
  });
  return { end, endOthers };
}
