import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiError } from "../api/client";
import { keys } from "../api/keys";
import { notifyError } from "../components/notify";

const RETRIES = 2;

/** The cache of all that the server told. Events mark its parts as stale, so age alone rarely does. */
export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noticeSignedOut }),
  mutationCache: new MutationCache({
    onError: (error, _variables, _context, mutation) => {
      noticeSignedOut(error);
      if (mutation.meta?.["quiet"] !== true) notifyError(error);
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      retry: (failures, error) => failures < RETRIES && isPassing(error),
      refetchOnWindowFocus: false,
    },
  },
});

/** Only a server that is away or busy may answer otherwise the next time. */
function isPassing(error: Error): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status === 503);
}

function noticeSignedOut(error: Error): void {
  if (error instanceof ApiError && error.status === 401) queryClient.setQueryData(keys.session, null);
}
