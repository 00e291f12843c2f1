/** What a model has proposed on this picture: decided all at once, class by class, or by score. */
import { Button, Slider } from "@mantine/core";
import { IconCheck, IconX } from "@tabler/icons-react";

import { isProposal } from "../../canvas";
import type { Annotation, Editor } from "../../canvas";
import { review as text } from "../../strings/review";
import css from "../annotate.module.css";
import { IconKey } from "../IconKey";
import { useKeymap } from "../keymap/remembered";
import own from "../review.module.css";
import type { Classes } from "../useClasses";
import { useAnnotations, useEditor } from "../useEditor";
import { byClass, idsOf, parted } from "./proposals";

interface Props {
  readonly editor: Editor;
  readonly classes: Classes;
}

export function ReviewPanel({ editor, classes }: Props) {
  const proposals = useAnnotations(editor).filter(isProposal);
  const least = useEditor(editor, (state) => state.leastScore);
  const readOnly = useEditor(editor, (state) => state.readOnly);
  if (proposals.length === 0 || readOnly) return null;
  const { sure, unsure } = parted(proposals, least);
  return (
    <section className={`${css.section ?? ""} ${own.review ?? ""}`} aria-label={text.title}>
      <div className={css.heading}>
        <h2 title={text.hint}>
          {text.title} <span className={css.aside}>{proposals.length}</span>
        </h2>
      </div>
      <Least editor={editor} least={least} />
      <Everything editor={editor} sure={sure} unsure={unsure} />
      <ul className={own.groups}>
        {byClass(sure, classes.styles).map(({ id, name, color, members }) => (
          <li key={id} className={own.group}>
            <span className={css.swatch} style={{ background: color }} aria-hidden />
            <span className={css.label} title={name}>
              {name}
            </span>
            <span className={css.aside}>{members.length}</span>
            <IconKey
              small
              icon={IconCheck}
              label={text.acceptClass(name, members.length)}
              onClick={() => editor.accept(idsOf(members))}
            />
            <IconKey
              small
              icon={IconX}
              label={text.rejectClass(name, members.length)}
              onClick={() => editor.reject(idsOf(members))}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Least({ editor, least }: { readonly editor: Editor; readonly least: number }) {
  return (
    <div className={own.least} title={text.leastHint}>
      <span>{text.least}</span>
      <Slider
        size="sm"
        min={0}
        max={1}
        step={0.05}
        label={null}
        value={least}
        thumbLabel={text.least}
        onChange={(value) => editor.setLeastScore(value)}
      />
      <span className={css.figures}>{least.toFixed(2)}</span>
    </div>
  );
}

interface EverythingProps {
  readonly editor: Editor;
  readonly sure: readonly Annotation[];
  readonly unsure: readonly Annotation[];
}

/** With a least score, what is above it is accepted and what is below it rejected. */
function Everything({ editor, sure, unsure }: EverythingProps) {
  const keymap = useKeymap();
  const some = unsure.length > 0;
  const rejected = some ? unsure : sure;
  return (
    <div className={own.decide}>
      <Button
        size="compact-sm"
        variant="light"
        disabled={sure.length === 0}
        title={keymap.keyOf("acceptAll")}
        onClick={() => editor.accept(idsOf(sure))}
      >
        {some ? text.acceptFrom(sure.length) : text.acceptAll(sure.length)}
      </Button>
      <Button size="compact-sm" variant="light" color="red" onClick={() => editor.reject(idsOf(rejected))}>
        {some ? text.rejectBelow(rejected.length) : text.rejectAll(rejected.length)}
      </Button>
    </div>
  );
}
