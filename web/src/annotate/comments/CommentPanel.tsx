/** What was said about this picture, by whom and when; what is resolved can be shown and opened again. */
import { Button } from "@mantine/core";
import { IconCheck, IconMessagePlus, IconRotate, IconTrash } from "@tabler/icons-react";
import { useEffect, useRef } from "react";

import { Time } from "../../components/Time";
import { annotate } from "../../strings/annotate";
import { comments as text } from "../../strings/comments";
import css from "../annotate.module.css";
import { IconKey } from "../IconKey";
import own from "./comments.module.css";
import type { Commenting, Numbered } from "./useComments";

interface Props {
  readonly commenting: Commenting;
  /** Whether the list is shown though nothing was said yet. */
  readonly always: boolean;
}

export function CommentPanel({ commenting, always }: Props) {
  const { all, shown, resolved, showResolved, mayComment } = commenting;
  if (all.length === 0 && !always) return null;
  return (
    <section className={own.panel} aria-label={text.title}>
      <div className={css.heading}>
        <h2>
          {text.title} <span className={css.number}>{all.length - resolved}</span>
        </h2>
        {resolved > 0 && (
          <Button size="compact-xs" variant="subtle" color="gray" onClick={commenting.toggleResolved}>
            {showResolved ? text.hideResolved : text.showResolved(resolved)}
          </Button>
        )}
        {mayComment && (
          <IconKey
            small
            icon={IconMessagePlus}
            action="comment"
            label={annotate.labels.comment}
            active={commenting.placing}
            onClick={() => commenting.place(!commenting.placing)}
          />
        )}
      </div>
      {shown.length > 0 && (
        <ol className={own.list}>
          {shown.map((one) => (
            <Said key={one.id} one={one} commenting={commenting} />
          ))}
        </ol>
      )}
    </section>
  );
}

function Said({ one, commenting }: { readonly one: Numbered; readonly commenting: Commenting }) {
  const { active, setActive, mayComment, mayRemove, nameOf } = commenting;
  const isActive = active === one.id;
  const isResolved = typeof one.resolved_at === "string";
  const ref = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isActive) ref.current?.scrollIntoView({ block: "nearest" });
  }, [isActive]);
  return (
    <li ref={ref} className={own.said} data-active={isActive} data-resolved={isResolved}>
      <button
        type="button"
        className={own.badge}
        aria-label={text.show(one.number)}
        aria-pressed={isActive}
        onClick={() => setActive(isActive ? null : one.id)}
      >
        {one.number}
      </button>
      <div className={own.words}>
        <span className={own.by}>
          <b>{nameOf(one)}</b> <Time value={one.created_at} />
          {isResolved && <>, {text.resolvedBy(one.resolved_name ?? text.somebody)}</>}
        </span>
        <p>{one.text}</p>
      </div>
      {mayComment && (
        <IconKey
          small
          icon={isResolved ? IconRotate : IconCheck}
          label={isResolved ? text.reopen(one.number) : text.resolve(one.number)}
          onClick={() => commenting.resolve(one, !isResolved)}
        />
      )}
      {mayRemove(one) && (
        <IconKey small icon={IconTrash} label={text.remove(one.number)} onClick={() => commenting.remove(one)} />
      )}
    </li>
  );
}
