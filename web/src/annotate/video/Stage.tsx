/** The frame on show: its picture, what is seen of the tracks, and what is wrong with either. */
import { Loader } from "@mantine/core";
import { useCallback, useEffect, useState, useSyncExternalStore } from "react";

import type { Editor, Styles } from "../../canvas";
import { ErrorBox } from "../../components/ErrorBox";
import { common } from "../../strings/common";
import { video as words } from "../../strings/video";
import css from "../annotate.module.css";
import { CanvasHost } from "../CanvasHost";
import type { Reel } from "./reel";
import { useReel } from "./useReel";

interface Props {
  readonly editor: Editor;
  readonly reel: Reel | null;
  readonly styles: Styles;
  readonly readOnly: boolean;
}

/** A frame that comes within this time needs no sign that it is on its way. */
const PATIENCE_MS = 400;

export function Stage({ editor, reel, styles, readOnly }: Props) {
  const pixels = usePixels(reel);
  return (
    <>
      <CanvasHost
        editor={editor}
        document={reel?.document ?? null}
        readOnly={readOnly}
        pixels={pixels ?? undefined}
        tiles={null}
        styles={styles}
      />
      {reel && <Waiting reel={reel} />}
    </>
  );
}

function usePixels(reel: Reel | null): ImageBitmap | null {
  const subscribe = useCallback((notify: () => void) => reel?.on("pixels", notify) ?? (() => undefined), [reel]);
  return useSyncExternalStore(subscribe, () => reel?.pixels ?? null);
}

function Waiting({ reel }: { readonly reel: Reel }) {
  const waiting = useReel(reel, (state) => state.waiting);
  const problem = useReel(reel, (state) => state.problem);
  const [long, setLong] = useState(false);
  useEffect(() => {
    const timer = window.setTimeout(() => setLong(waiting), waiting ? PATIENCE_MS : 0);
    return () => window.clearTimeout(timer);
  }, [waiting]);
  if (problem === null && !long) return null;
  return (
    <div className={css.notice}>
      {problem === null ? (
        <Loader size="sm" role="img" aria-label={common.loading} />
      ) : (
        <ErrorBox title={words.frameFailed} error={problem} onRetry={() => reel.retry()} />
      )}
    </div>
  );
}
