import { useMutation, useQueryClient } from "@tanstack/react-query";
import { notifyError } from "../../components/notify";
import { decide as send, putBack, takeOut, type Decision, type Suspicion } from "./queries";

/** What was decided here, the last one at the end; kept while the page is open, whatever is looked at. */
const past = new Map<string, Suspicion[]>();
/** What is on its way: one after the other, as they were said. */
let sending: Promise<unknown> = Promise.resolve();

/** Says something to a suspicion, which leaves the list at once, and takes the last thing said back. */
export function useDeciding(projectId: string, onBack: (id: string) => void) {
  const client = useQueryClient();
  const refresh = () => void client.invalidateQueries({ queryKey: ["images", projectId, "labelCheck"] });
  const forget = (item: Suspicion) =>
    past.set(
      projectId,
      (past.get(projectId) ?? []).filter(({ id }) => id !== item.id),
    );
  const mutation = useMutation({
    mutationFn: ({ item, decision }: { item: Suspicion; decision: Decision }) => inTurn(() => send(item.id, decision)),
    onMutate: ({ item }) => takeOut(client, projectId, item.id),
    onError: (error, { item }, back) => {
      forget(item);
      back?.();
      notifyError(error);
    },
    onSuccess: refresh,
  });
  const taking = useMutation({
    mutationFn: (item: Suspicion) => inTurn(() => send(item.id, "reopen")),
    onError: (error) => notifyError(error),
    onSuccess: (_answer, item) => {
      putBack(client, projectId, item);
      onBack(item.id);
      refresh();
    },
  });
  const undo = () => {
    const item = past.get(projectId)?.at(-1);
    if (item === undefined) return;
    forget(item);
    taking.mutate(item);
  };
  const decide = (item: Suspicion, decision: Decision) => {
    if (decision !== "reopen") past.set(projectId, [...(past.get(projectId) ?? []), item]);
    mutation.mutate({ item, decision });
  };
  return { decide, undo, canUndo: (past.get(projectId)?.length ?? 0) > 0 };
}

function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const done = sending.then(work, work);
  sending = done.catch(() => undefined);
  return done;
}
