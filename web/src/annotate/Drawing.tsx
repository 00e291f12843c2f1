/** Ends or gives up a polygon on its way without a keyboard. */
import { Button, Text } from "@mantine/core";

import type { Editor } from "../canvas";
import { annotate as text } from "../strings/annotate";
import { common } from "../strings/common";
import css from "./annotate.module.css";
import { useEditor } from "./useEditor";

/** Fewest corners of a polygon. */
const ENOUGH = 3;

export function Drawing({ editor }: { readonly editor: Editor }) {
  const points = useEditor(editor, ({ drawing }) => drawing);
  if (points === 0) return null;
  return (
    <div className={css.drawing} role="group" aria-label={text.drawing.title}>
      <Text size="sm" className={css.figures ?? ""} role="status">
        {text.drawing.points(points)}
      </Text>
      <Button size="compact-sm" variant="default" onClick={() => editor.cancel()}>
        {common.cancel}
      </Button>
      <Button size="compact-sm" disabled={points < ENOUGH} onClick={() => editor.finish()}>
        {text.drawing.finish}
      </Button>
    </div>
  );
}
