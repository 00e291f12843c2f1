/** Ends or gives up a polygon or a line on its way without a keyboard. */
import { Button, Text } from "@mantine/core";

import type { Editor } from "../canvas";
import { annotate as text } from "../strings/annotate";
import { common } from "../strings/common";
import css from "./annotate.module.css";
import { useEditor } from "./useEditor";

/** Fewest points of a shape. */
const ENOUGH = { polygon: 3, polyline: 2 };

export function Drawing({ editor }: { readonly editor: Editor }) {
  const points = useEditor(editor, ({ drawing }) => drawing);
  const title = useEditor(editor, ({ tool }) => text.tools[tool]);
  const enough = useEditor(editor, ({ tool }) => (tool === "polyline" ? ENOUGH.polyline : ENOUGH.polygon));
  if (points === 0) return null;
  return (
    <div className={css.drawing} role="group" aria-label={title}>
      <Text size="sm" className={css.figures ?? ""} role="status">
        {text.drawing.points(points)}
      </Text>
      <Button size="compact-sm" variant="default" onClick={() => editor.cancel()}>
        {common.cancel}
      </Button>
      <Button size="compact-sm" disabled={points < enough} onClick={() => editor.finish()}>
        {text.drawing.finish}
      </Button>
    </div>
  );
}
