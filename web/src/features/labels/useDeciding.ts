import { useMutation, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { notifyDone, notifyError, notifyUndo } from "../../components/notify";
import { count } from "../../lib/format";
import { labels as words } from "../../strings/labels";
import {
  decide as send,
  decideMany,
  putBack,
  reopenMany,
  suspicionsKey,
  takeOut,
  type Decision,
  type Many,
  type Suspicion,
} from "./queries";

/** A decision about many, named by its time. */
interface OfMany {
  id: string;
  many: true;
}
/** What was decided here, the last one at the end; kept while the page is open, whatever is looked at. */
const past = new Map<string, (Suspicion | OfMany)[]>();
/** What is on its way: one after the other, as they were said. */
let sending: Promise<unknown> = Promise.resolve();

/** Says something to a suspicion, which leaves the list at once, and takes the last thing said back. */
export function useDeciding(projectId: string, onBack: (id: string) => void) {
  const client = useQueryClient();
  const refresh = () => void client.invalidateQueries({ queryKey: ["images", projectId, "labelCheck"] });
  const forget = (item: Suspicion | OfMany) => forgetIn(projectId, item.id);
  const takeBackMany = useTakingBackMany(projectId);
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
    if ("many" in item) return void takeBackMany(item.id).catch((error: unknown) => notifyError(error));
    forget(item);
    taking.mutate(item);
  };
  const decide = (item: Suspicion, decision: Decision) => {
    if (decision !== "reopen") past.set(projectId, [...(past.get(projectId) ?? []), item]);
    mutation.mutate({ item, decision });
  };
  return { decide, undo, canUndo: (past.get(projectId)?.length ?? 0) > 0 };
}

function forgetIn(projectId: string, gone: string): void {
  past.set(
    projectId,
    (past.get(projectId) ?? []).filter(({ id }) => id !== gone),
  );
}

/** Takes a decision about many back, as one step. */
function useTakingBackMany(projectId: string) {
  const client = useQueryClient();
  return async (at: string) => {
    forgetIn(projectId, at);
    const done = await inTurn(() => reopenMany(projectId, at));
    await refetched(client, projectId);
    notifyDone(words.manyBack(count(done.count), done.left === 0 ? null : count(done.left)));
  };
}

/** Says one thing to many suspicions; it can be taken back like any other decision. */
export function useDecidingMany(projectId: string) {
  const client = useQueryClient();
  const takeBack = useTakingBackMany(projectId);
  const mutation = useMutation({
    mutationFn: (body: Many) => inTurn(() => decideMany(projectId, body)),
    onError: (error) => {
      notifyError(error);
      void refetched(client, projectId);
    },
    onSuccess: async ({ at, count: number }, { decision }) => {
      if (typeof at === "string") {
        past.set(projectId, [...(past.get(projectId) ?? []), { id: at, many: true }]);
        notifyUndo(words.manyDone[decision](count(number)), () => takeBack(at));
      }
      await refetched(client, projectId);
    },
  });
  const decide = (body: Many, onDone: () => void) => mutation.mutate(body, { onSuccess: onDone });
  return { decide, pending: mutation.isPending };
}

/** Everything here is asked anew: many have moved. */
const refetched = (client: QueryClient, projectId: string) =>
  Promise.all([
    client.invalidateQueries({ queryKey: suspicionsKey(projectId) }),
    client.invalidateQueries({ queryKey: ["images", projectId, "labelCheck"] }),
  ]);

function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const done = sending.then(work, work);
  sending = done.catch(() => undefined);
  return done;
}
