/** Ends or gives up a polygon or a line on its way without a keyboard. */
import { Button, Text } from "@mantine/core";

import type { Editor, ToolName } from "../canvas";
import { annotate as text } from "../strings/annotate";
import { common } from "../strings/common";
import css from "./annotate.module.css";
import { useEditor } from "./useEditor";

/** Fewest points of a shape. */
const ENOUGH: Readonly<Partial<Record<ToolName, number>>> = { polyline: 2, scissors: 2 };
const ENOUGH_OF_OTHERS = 3;

/** What is counted, where it is no corner. */
const COUNTED: Readonly<Partial<Record<ToolName, "points" | "clicks">>> = { polyline: "points", scissors: "clicks" };

export function Drawing({ editor }: { readonly editor: Editor }) {
  const points = useEditor(editor, ({ drawing }) => drawing);
  const tool = useEditor(editor, (state) => state.tool);
  const enough = ENOUGH[tool] ?? ENOUGH_OF_OTHERS;
  if (points === 0) return null;
  return (
    <div className={css.drawing} role="group" aria-label={text.tools[tool]}>
      <Text size="sm" className={css.figures ?? ""} role="status">
        {text.drawing[COUNTED[tool] ?? "corners"](points)}
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
