/** What the smart tool offers beside clicking: what a click means, what is made, accept and cancel. */
import { Button, Loader, Text, Tooltip } from "@mantine/core";
import {
  IconCopyPlus,
  IconGridDots,
  IconPointerMinus,
  IconPointerPlus,
  IconPolygon,
  IconSparkles,
} from "@tabler/icons-react";

import { useMemo } from "react";

import type { Editor } from "../../canvas";
import { assist as text } from "../../strings/assist";
import { common } from "../../strings/common";
import css from "../annotate.module.css";
import { IconKey } from "../IconKey";
import { useAnnotations, useEditor } from "../useEditor";
import { isBoxed } from "./useAssist";
import type { Assist } from "./useAssist";

interface Props {
  readonly editor: Editor;
  readonly assist: Assist;
}

export function SmartBar({ editor, assist }: Props) {
  const selects = useEditor(editor, (state) => !state.readOnly && state.tool === "select");
  const selected = useEditor(editor, (state) => state.selected);
  const annotations = useAnnotations(editor);
  // Not with each move of the pointer: thousands may be selected.
  const boxes = useMemo(() => annotations.length > 0 && areBoxes(editor, selected), [annotations, editor, selected]);
  if (selects && boxes) return <BoxBar editor={editor} assist={assist} />;
  return <Clicks editor={editor} assist={assist} />;
}

function areBoxes(editor: Editor, selected: ReadonlySet<string>): boolean {
  for (const id of selected) {
    const one = editor.get(id);
    if (one && !isBoxed(one)) return false;
  }
  return selected.size > 0;
}

/** Beside selected boxes: what is in them. */
function BoxBar({ editor, assist }: Props) {
  const single = useEditor(editor, (state) => state.selected.size === 1);
  return (
    <div className={css.options} role="toolbar" aria-label={text.title}>
      <IconKey
        small
        icon={IconSparkles}
        label={assist.busy ? text.waiting : text.labels.outline}
        word={text.words.outline}
        action="outline"
        side="top"
        disabled={assist.busy}
        onClick={assist.outline}
      />
      <IconKey
        small
        icon={IconCopyPlus}
        action="similar"
        word={text.words.similar}
        side="top"
        disabled={assist.busy || !single}
        onClick={assist.similar}
      />
    </div>
  );
}

const told = ({ model, network }: NonNullable<Assist["assistant"]>): string =>
  typeof model === "string" && network === "ready" ? text.using(model) : text.network[network];

function Clicks({ editor, assist: { assistant } }: Props) {
  const smart = useEditor(editor, (state) => state.smart);
  const shown = useEditor(editor, (state) => state.tool === "smart" && !state.readOnly);
  if (!shown) return null;
  const { shape, beside, steps, waiting, found } = smart;
  return (
    <div className={css.drawing} role="toolbar" aria-label={text.title}>
      <IconKey
        small
        icon={beside ? IconPointerMinus : IconPointerPlus}
        label={beside ? text.outside : text.inside}
        word={beside ? text.words.outside : text.words.inside}
        shortcut="Alt"
        side="top"
        active={beside}
        onClick={() => editor.setBeside(!beside)}
      />
      <IconKey
        small
        icon={shape === "mask" ? IconGridDots : IconPolygon}
        label={text[shape]}
        word={text.words[shape]}
        side="top"
        active={shape === "mask"}
        onClick={() => editor.setSmartShape(shape === "mask" ? "polygon" : "mask")}
      />
      {steps === 0 && assistant && (
        <Tooltip label={assistant.message || told(assistant)} multiline w={300}>
          <Text size="sm" c="dimmed" pr={6} tabIndex={0} role="note" aria-label={told(assistant)}>
            {text.by[assistant.network]}
          </Text>
        </Tooltip>
      )}
      {steps > 0 && (
        <>
          <Text size="sm" className={css.figures ?? ""} role="status">
            {waiting ? (
              <Loader size={12} role="img" aria-label={text.waiting} />
            ) : found ? (
              text.steps(steps)
            ) : (
              text.nothing
            )}
          </Text>
          <Button size="compact-sm" variant="default" onClick={() => editor.cancel()}>
            {common.cancel}
          </Button>
          <Button size="compact-sm" disabled={!found || waiting} onClick={() => editor.finish()}>
            {text.finish}
          </Button>
        </>
      )}
    </div>
  );
}
