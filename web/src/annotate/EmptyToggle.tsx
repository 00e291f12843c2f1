/** Says that a picture was looked at and has nothing to annotate, which is something else than not looked at yet. */
import { Button, Tooltip } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";

import type { Editor } from "../canvas";
import { review } from "../strings/review";
import { useKeymap } from "./keymap/remembered";
import css from "./review.module.css";
import { useEditor } from "./useEditor";
import type { Looked } from "./useImageState";

const { empty: text } = review;

interface Props {
  readonly editor: Editor;
  readonly looked: Looked;
}

export function EmptyToggle({ editor, looked: { state, busy, toggle } }: Props) {
  const keymap = useKeymap();
  const readOnly = useEditor(editor, ({ readOnly: fixed }) => fixed);
  const isEmpty = state === "empty";
  if (readOnly) return null;
  return (
    <div className={css.looked}>
      <Tooltip label={`${text.hint} (${keymap.keyOf("empty")})`} multiline maw={280} position="bottom">
        <Button
          size="compact-sm"
          variant={isEmpty ? "filled" : "default"}
          leftSection={isEmpty && <IconCheck size={16} stroke={2} aria-hidden />}
          loading={busy}
          aria-pressed={isEmpty}
          onClick={toggle}
        >
          {text.label}
        </Button>
      </Tooltip>
    </div>
  );
}
