/** Which older state of the open picture is on show, if any. */
import { useMemo, useState } from "react";

import { Document } from "../../canvas";
import type { Styles } from "../../canvas";
import type { Entry } from "../session";
import type { Step } from "./log";
import { restore } from "./useHistory";

export function usePast(entry: Entry | undefined, styles: Styles) {
  const [opened, setOpened] = useState(false);
  const [chosen, setChosen] = useState<{ readonly imageId: string; readonly step: Step } | null>(null);
  // Another picture begins with its present state.
  const step = chosen && chosen.imageId === entry?.image.id ? chosen.step : null;
  const document = useMemo(
    () => (entry && step ? new Document(entry.image.id, entry.document.picture, step.after.values()) : null),
    [entry, step],
  );
  const show = (next: Step | null): void => setChosen(entry && next ? { imageId: entry.image.id, step: next } : null);
  return {
    opened,
    step,
    /** The older state; null while the present one is on show. */
    document,
    show,
    open: () => setOpened(true),
    close: () => {
      setOpened(false);
      setChosen(null);
    },
    /** Back to the present state; false where it is on show already. */
    leave: (): boolean => {
      setChosen(null);
      return step !== null;
    },
    restore: () => {
      if (entry && step) restore(entry, step, styles);
      setChosen(null);
    },
  };
}

export type Past = ReturnType<typeof usePast>;
