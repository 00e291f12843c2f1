import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { expect, it } from "vitest";
import { show } from "./show";

const KEY = ["image", "1"];

/** A server whose answers are given by hand. */
function slow() {
  const asked: ((answer: string) => void)[] = [];
  return { asked, ask: () => new Promise<string>((resolve) => asked.push(resolve)) };
}

it("is not undone by an older answer that comes later", async () => {
  const client = new QueryClient();
  const { asked, ask } = slow();
  const observer = new QueryObserver(client, { queryKey: KEY, queryFn: ask, initialData: "unlabeled" });
  const stop = observer.subscribe(() => undefined);
  expect(asked).toHaveLength(1);
  show(client, KEY, "empty");
  expect(asked).toHaveLength(2);
  asked[0]?.("unlabeled");
  await Promise.resolve();
  expect(client.getQueryData(KEY)).toBe("empty");
  asked[1]?.("empty, seen twice");
  await expect.poll(() => client.getQueryData(KEY)).toBe("empty, seen twice");
  stop();
});

it("is asked for again by whoever looks later: the news of its end may have come before", async () => {
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: 30_000 } } });
  show(client, KEY, "queued");
  const observer = new QueryObserver(client, { queryKey: KEY, queryFn: () => Promise.resolve("succeeded") });
  const stop = observer.subscribe(() => undefined);
  expect(observer.getCurrentResult().data).toBe("queued");
  await expect.poll(() => client.getQueryData(KEY)).toBe("succeeded");
  stop();
});
