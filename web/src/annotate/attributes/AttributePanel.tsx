/** The attributes of what is selected. */
import { IconMessage2, IconX } from "@tabler/icons-react";
import type { ReactNode } from "react";

import type { Annotation, Editor } from "../../canvas";
import { describing as words } from "../../strings/attributes";
import css from "../annotate.module.css";
import { IconKey } from "../IconKey";
import type { Classes } from "../useClasses";
import { useAnnotations, useEditor } from "../useEditor";
import { AttributeField } from "./AttributeField";
import own from "./attributes.module.css";
import { fieldsOf } from "./fields";
import type { Other, Shared } from "./fields";
import type { Describing } from "./useDescribing";

interface Props {
  readonly editor: Editor;
  readonly classes: Classes;
  readonly describing: Describing;
  /** What more can be chosen about them. */
  readonly children?: ReactNode;
}

export function AttributePanel({ editor, classes, describing, children }: Props) {
  const selected = useEditor(editor, (state) => state.selected);
  const readOnly = useEditor(editor, (state) => state.readOnly);
  useAnnotations(editor);
  const chosen = Array.from(selected, (id) => editor.get(id)).filter((one): one is Annotation => one !== undefined);
  const { fields, others } = fieldsOf(chosen, classes.attributes);
  if (fields.length === 0 && others.length === 0) return null;
  // Another selection has fields of its own: what was being typed belongs to the one before.
  const key = `${chosen[0]?.id ?? ""} ${chosen.at(-1)?.id ?? ""} ${chosen.length}`;
  return (
    <section className={own.panel} aria-label={words.title} title={words.hint}>
      <div className={css.heading}>
        <h2>
          {words.title} {chosen.length > 1 && <span className={css.aside}>{words.count(chosen.length)}</span>}
        </h2>
        <span style={{ display: "flex", gap: 4 }}>
          {children}
          <IconKey
            small
            icon={IconMessage2}
            action="tellAttributes"
            active={describing.told}
            onClick={describing.toggleTold}
          />
        </span>
      </div>
      <div className={own.fields} key={key}>
        {fields.map(({ definition, shared }) => (
          <AttributeField
            key={definition.name}
            definition={definition}
            shared={shared}
            readOnly={readOnly}
            set={(value) => editor.describe(selected, definition.name, value)}
          />
        ))}
        {others.length > 0 && (
          <Others others={others} remove={readOnly ? undefined : (name) => editor.describe(selected, name, null)} />
        )}
      </div>
    </section>
  );
}

interface OthersProps {
  readonly others: readonly Other[];
  readonly remove: ((name: string) => void) | undefined;
}

/** What nothing defines: kept until somebody takes it away. */
function Others({ others, remove }: OthersProps) {
  return (
    <div role="group" aria-label={words.other} title={words.otherHint}>
      <span className={css.aside}>{words.other}</span>
      {others.map(({ name, shared }) => (
        <div key={name} className={own.other}>
          <span className={own.said}>
            {name}: {said(shared)}
          </span>
          {remove && <IconKey small icon={IconX} label={words.removeOther(name)} onClick={() => remove(name)} />}
        </div>
      ))}
    </div>
  );
}

export function said(shared: Shared): string {
  if (shared.mixed) return words.mixed;
  if (shared.value === null) return words.none;
  if (typeof shared.value === "boolean") return shared.value ? words.yes : words.no;
  return String(shared.value);
}
