/** The open video, and the reel that shows it. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";

import type { Editor, VideoDocument } from "../../canvas";
import { Frames, loadFrame } from "./frames";
import { Reel } from "./reel";
import { videos } from "./session";
import type { VideoEntry } from "./session";

/** The document of a video: at once if it is here, otherwise when it has come. */
export function useOpenVideo(videoId: string) {
  return useQuery<VideoEntry>({
    queryKey: ["videoDocument", videoId],
    queryFn: () => videos.open(videoId),
    initialData: () => videos.peek(videoId),
    staleTime: Infinity,
    gcTime: 0,
    structuralSharing: false,
  });
}

/** Made when the video has come, and put away with the page; it begins with the frame of the address. */
export function useReelOf(
  editor: Editor,
  entry: VideoEntry | undefined,
  frame: number,
  /** An older state, in place of the present one. */
  past: VideoDocument | null = null,
): Reel | null {
  const [reel, setReel] = useState<Reel | null>(null);
  const first = useRef(frame);
  useEffect(() => {
    if (!entry) return undefined;
    const { times, video } = entry;
    const document = past ?? entry.document;
    document.seek(first.current);
    const made = new Reel(
      editor,
      document,
      times,
      (came, failed) => new Frames(loadFrame(video.id), video, came, failed),
    );
    // eslint-disable-next-line react-hooks/set-state-in-effect -- it works, and fetches, from here until the page closes
    setReel(made);
    return () => {
      first.current = document.frame;
      made.destroy();
    };
  }, [editor, entry, past]);
  return reel;
}
