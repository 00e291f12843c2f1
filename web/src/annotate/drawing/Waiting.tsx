/** What is half drawn and waits while another tool is in the hand: go on with it, or give it up. */
import { Button, Text, Tooltip } from "@mantine/core";

import type { Editor, ToolKey } from "../../canvas";
import { annotate as text } from "../../strings/annotate";
import type { ActionId } from "../actions";
import css from "../annotate.module.css";
import { useKeymap } from "../keymap/remembered";
import { useEditor } from "../useEditor";
import { focusCanvas } from "../useShortcuts";
import { nameOfWaiting } from "./waiting";

/** The action whose key takes a tool. */
const ACTIONS: Readonly<Partial<Record<ToolKey, ActionId>>> = {
  rotated: "rotated",
  polygon: "polygon",
  polyline: "polyline",
  scissors: "scissors",
};

export function Waiting({ editor }: { readonly editor: Editor }) {
  const waiting = useEditor(editor, (state) => state.waiting);
  const hidden = useEditor(editor, (state) => state.readOnly || state.drawing > 0);
  const way = useEditor(editor, (state) => state.boxWay);
  const keymap = useKeymap();
  const last = waiting.at(-1);
  if (hidden || !last) return null;
  const { tool, points } = last;
  const key = keymap.keyOf(ACTIONS[tool] ?? (way === "extremes" ? "box" : "boxWay"));
  const doing = (action: () => void) => () => {
    action();
    focusCanvas();
  };
  return (
    <div className={`${css.drawing ?? ""} ${css.waiting ?? ""}`} role="group" aria-label={text.drawing.waiting}>
      <Text size="sm" className={css.figures ?? ""} role="status">
        {text.drawing.waitsWith(nameOfWaiting(tool), points)}
      </Text>
      <Button size="compact-sm" variant="default" onClick={doing(() => editor.dismiss(tool))}>
        {text.drawing.giveUp}
      </Button>
      <Tooltip label={key === "" ? text.drawing.goOn : `${text.drawing.goOn}  (${key})`} position="top">
        <Button size="compact-sm" onClick={doing(() => editor.goOn(tool))}>
          {text.drawing.goOn}
        </Button>
      </Tooltip>
    </div>
  );
}
