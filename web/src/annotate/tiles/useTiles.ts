/** The tiles of a very large picture: cut by the server the first time, then fetched as they come into view. */
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import { api, call } from "../../api/client";
import type { Image } from "../../api/types";
import type { Pixels, TileSource } from "../../canvas";
import { loadTile } from "../transport";

/** Milliseconds between two questions whether they are ready. */
const AGAIN = 1000;

export interface Cut {
  /** Null where the picture is shown as a whole, and while its tiles are being made. */
  readonly tiles: TileSource | null;
  readonly isMaking: boolean;
  readonly failed: string;
}

/** Whether what came is a small copy of a picture that is too large to be shown as a whole. */
const isCopy = (image: Image | undefined, imageId: string, pixels: Pixels | undefined): boolean =>
  image?.id === imageId && pixels !== undefined && pixels.width < image.width;

/** How the server has cut a picture; asked again until all of its tiles are there. */
function useCut(imageId: string, enabled: boolean) {
  return useQuery({
    queryKey: ["tiles", imageId],
    queryFn: () => call(api.GET("/api/v1/images/{image_id}/tiles", { params: { path: { image_id: imageId } } })),
    enabled,
    staleTime: Infinity,
    retry: false,
    refetchInterval: ({ state }) => (state.data?.ready === false && state.status !== "error" ? AGAIN : false),
  });
}

const NOTHING = { size: 0, levels: 0 };

export function useTiles(imageId: string, image: Image | undefined, pixels: Pixels | undefined): Cut {
  const isTiled = isCopy(image, imageId, pixels);
  const { data, error } = useCut(imageId, isTiled);
  const { size, levels } = isTiled && data?.ready ? data : NOTHING;
  const tiles = useMemo<TileSource | null>(
    () => (levels > 0 ? { size, levels, load: (level, x, y) => loadTile(imageId, level, x, y) } : null),
    [imageId, size, levels],
  );
  const failed = isTiled && error ? error.message : "";
  return { tiles, isMaking: isTiled && !tiles && failed === "", failed };
}
