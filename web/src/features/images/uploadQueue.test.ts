// @vitest-environment jsdom
import { describe, expect, it, vi } from "vitest";
import { ApiError } from "../../api/client";
import { UploadQueue, type Item, type Send } from "./uploadQueue";

const file = (name: string) => ({ file: new File(["x"], name), path: name });
const noPause = () => Promise.resolve();

/** Wait until the queue has told its listeners that nothing is under way. */
async function settled(queue: UploadQueue<string>) {
  await vi.waitFor(() => {
    const { items, active } = queue.read();
    expect(items.length).toBeGreaterThan(0);
    expect(active).toBe(false);
  });
  return queue.read();
}

describe("UploadQueue", () => {
  it("sends every file, never more than allowed at a time, in order", async () => {
    let open = 0;
    let most = 0;
    const order: string[] = [];
    const send: Send<string> = async (item) => {
      order.push(item.picked.path);
      most = Math.max(most, ++open);
      await new Promise((resolve) => setTimeout(resolve, 1));
      open -= 1;
      return "";
    };
    const queue = new UploadQueue(send, 3, noPause);
    const names = Array.from({ length: 10 }, (_, index) => `${index}.png`);
    queue.add(names.map(file), "train");
    const { done, failed } = await settled(queue);
    expect([done, failed, most, order]).toEqual([10, 0, 3, names]);
  });

  it("keeps going after a failure and tells why", async () => {
    const send: Send<string> = (item) =>
      item.picked.path === "bad.png"
        ? Promise.reject(new ApiError(422, "image_unreadable", "Broken."))
        : Promise.resolve("");
    const queue = new UploadQueue(send, 2, noPause);
    queue.add(["a.png", "bad.png", "c.png"].map(file), "none");
    const { items, done } = await settled(queue);
    expect(done).toBe(2);
    expect(items[1]).toMatchObject({ state: "failed", message: "Broken." });
  });

  it("tries a server that is away again, but not a refusal", async () => {
    const send = vi.fn<Send<string>>();
    send.mockRejectedValueOnce(new ApiError(0, "unreachable", "away")).mockResolvedValueOnce("");
    const queue = new UploadQueue<string>(send, 1, noPause);
    queue.add([file("a.png")], "none");
    expect((await settled(queue)).done).toBe(1);
    expect(send).toHaveBeenCalledTimes(2);

    const refusing = vi.fn<Send<string>>().mockRejectedValue(new ApiError(413, "too_large", "Too large."));
    const other = new UploadQueue<string>(refusing, 1, noPause);
    other.add([file("b.png")], "none");
    expect((await settled(other)).failed).toBe(1);
    expect(refusing).toHaveBeenCalledTimes(1);
  });

  it("retries what failed, but never what was refused unsent", async () => {
    const send = vi
      .fn<Send<string>>()
      .mockRejectedValueOnce(new ApiError(409, "name_taken", "Taken."))
      .mockResolvedValue("");
    const queue = new UploadQueue<string>(send, 1, noPause);
    queue.add([file("a.png"), file("notes.txt")], "none", ({ path }) => (path.endsWith(".txt") ? "No image." : ""));
    expect((await settled(queue)).failed).toBe(2);
    queue.retry();
    await vi.waitFor(() => {
      expect(queue.read()).toMatchObject({ done: 1, failed: 1 });
    });
    expect(queue.read().items[1]).toMatchObject({ refused: true, message: "No image." });
  });

  it("stops what is under way and what waits", async () => {
    const send: Send<string> = (_item: Item<string>, _progress, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(new Error("aborted")));
      });
    const queue = new UploadQueue(send, 1, noPause);
    queue.add(["a.png", "b.png"].map(file), "none");
    queue.stop("Stopped.");
    const { items, failed } = await settled(queue);
    expect(failed).toBe(2);
    expect(items.map((item) => item.message)).toEqual(["Stopped.", "Stopped."]);
  });

  it("forgets what has ended when it is cleared", async () => {
    const queue = new UploadQueue<string>(() => Promise.resolve(""), 1, noPause);
    queue.add([file("a.png")], "none");
    await settled(queue);
    queue.clear();
    await vi.waitFor(() => {
      expect(queue.read().items).toHaveLength(0);
    });
  });
});
