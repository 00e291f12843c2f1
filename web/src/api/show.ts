import type { QueryClient, QueryKey } from "@tanstack/react-query";

/**
 * Show what a change has answered at once, and ask once more: an older answer may be on its way, and the event of
 * something newer may have come before anybody looked.
 */
export function show(client: QueryClient, queryKey: QueryKey, value: unknown): void {
  client.setQueryData(queryKey, value);
  void client.invalidateQueries({ queryKey, exact: true });
}
