/** One attribute of what is selected, as its kind is set by mouse and by keys. */
import { Checkbox, NativeSelect, TextInput } from "@mantine/core";
import { useEffect, useId, useRef, useState } from "react";
import type { KeyboardEvent } from "react";

import type { AttributeDefinition } from "../../api/types";
import type { AttributeValue } from "../../canvas";
import { describing as words } from "../../strings/attributes";
import { focusCanvas } from "../useShortcuts";
import own from "./attributes.module.css";
import { numberTyped, stepped } from "./fields";
import type { Shared } from "./fields";
import { FIELD, focusable } from "./useDescribing";

interface Props {
  readonly definition: AttributeDefinition;
  readonly shared: Shared;
  readonly readOnly: boolean;
  readonly set: (value: AttributeValue) => void;
}

/** Enter goes on to the next field and from the last one to the picture, Escape goes there at once. */
function travel(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== "Enter" && event.key !== "Escape") return;
  event.preventDefault();
  const all = focusable();
  const next = event.key === "Enter" ? all[all.indexOf(event.currentTarget) + 1] : undefined;
  if (next) next.focus();
  else focusCanvas();
}

export function AttributeField(props: Props) {
  const id = useId();
  const Control = CONTROLS[props.definition.kind];
  return (
    <div className={own.field}>
      <label htmlFor={id} className={own.name}>
        {props.definition.name}
      </label>
      <Control {...props} id={id} />
    </div>
  );
}

type ControlProps = Props & { readonly id: string };

const marked = { [FIELD]: "" };
const plain = (shared: Shared): AttributeValue => (shared.mixed ? null : shared.value);

/** Digits choose, 0 and Backspace choose nothing; letters go to a choice as in any list. */
function Choice({ id, definition, shared, readOnly, set }: ControlProps) {
  const { choices } = definition;
  const value = plain(shared);
  const strange = typeof value === "string" && !choices.includes(value) ? [value] : [];
  const keys = (event: KeyboardEvent<HTMLSelectElement>): void => {
    travel(event);
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const wanted = /^\d$/.test(event.key) ? choices[Number(event.key) - 1] : undefined;
    if (event.key === "0" || event.key === "Backspace" || event.key === "Delete") set(null);
    else if (wanted === undefined) return;
    else set(wanted);
    event.preventDefault();
  };
  return (
    <NativeSelect
      id={id}
      size="xs"
      {...marked}
      disabled={readOnly}
      value={value === null ? "" : String(value)}
      data={[
        { value: "", label: shared.mixed ? words.mixed : words.none },
        ...strange.map((one) => ({ value: one, label: one })),
        ...choices.map((one, index) => ({ value: one, label: words.choice(one, index + 1) })),
      ]}
      onChange={(event) => set(event.currentTarget.value === "" ? null : event.currentTarget.value)}
      onKeyDown={keys}
    />
  );
}

/** What nobody has said must not look like an answer, but be seen: without a colour of its own the dash is white on white. */
const UNSAID = { variant: "outline", color: "gray", iconColor: "var(--mantine-color-text)" } as const;

/** Space and a click switch; Y and 1 say yes, N and 2 say no, 0 and Backspace say nothing. */
function Switch({ id, shared, readOnly, set }: ControlProps) {
  const value = plain(shared);
  const meanings: Readonly<Record<string, boolean | null>> = {
    y: true, 1: true, n: false, 2: false, 0: null, Backspace: null, Delete: null,
  }; // prettier-ignore
  const keys = (event: KeyboardEvent<HTMLInputElement>): void => {
    travel(event);
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const meant = meanings[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (meant === undefined) return;
    event.preventDefault();
    set(meant);
  };
  return (
    <Checkbox
      id={id}
      size="xs"
      {...marked}
      disabled={readOnly}
      checked={value === true}
      indeterminate={value === null}
      {...(value === null ? UNSAID : {})}
      label={shared.mixed ? words.mixed : value === null ? words.none : value === true ? words.yes : words.no}
      onChange={() => set(value !== true)}
      onKeyDown={keys}
    />
  );
}

/** A press on another object takes the fields away before they lose the focus: what was typed is not lost by that. */
function useLast(finish: () => unknown): void {
  const latest = useRef(finish);
  useEffect(() => {
    latest.current = finish;
  });
  useEffect(() => () => void latest.current(), []);
}

/** Text is taken when the field is left or Enter is pressed; nothing takes the attribute away. */
function Words({ id, shared, readOnly, set }: ControlProps) {
  const value = plain(shared);
  const [draft, setDraft] = useState<string | null>(null);
  const finish = (): void => {
    if (draft !== null && draft.trim() !== (value ?? "")) set(draft.trim() === "" ? null : draft.trim());
    setDraft(null);
  };
  useLast(finish);
  return (
    <TextInput
      id={id}
      size="xs"
      {...marked}
      readOnly={readOnly}
      maxLength={10_000}
      placeholder={shared.mixed ? words.mixed : words.none}
      value={draft ?? (value === null ? "" : String(value))}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={finish}
      onKeyDown={(event) => {
        if (event.key === "Enter") finish();
        if (event.key === "Escape") setDraft(null);
        travel(event);
      }}
    />
  );
}

/** As text, but only numbers within bounds; arrow keys go a step up or down. */
function Figure({ id, definition, shared, readOnly, set }: ControlProps) {
  const value = plain(shared);
  const [draft, setDraft] = useState<string | null>(null);
  const typed = draft === null ? value : numberTyped(draft, definition);
  const finish = (): boolean => {
    if (typed === undefined) return false;
    if (draft !== null && typed !== value) set(typed);
    setDraft(null);
    return true;
  };
  useLast(finish);
  const keys = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      event.preventDefault();
      setDraft(String(stepped(typed ?? null, event.key === "ArrowUp" ? 1 : -1, definition)));
    } else if (event.key === "Escape") {
      setDraft(null);
      travel(event);
    } else if (event.key !== "Enter" || finish()) travel(event);
  };
  return (
    <TextInput
      id={id}
      size="xs"
      {...marked}
      readOnly={readOnly}
      inputMode="decimal"
      placeholder={shared.mixed ? words.mixed : words.none}
      value={draft ?? (value === null ? "" : String(value))}
      error={typed === undefined ? bounds(definition) : undefined}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={() => {
        if (!finish()) setDraft(null);
      }}
      onKeyDown={keys}
    />
  );
}

function bounds({ minimum, maximum }: AttributeDefinition): string {
  const [least, greatest] = [minimum ?? null, maximum ?? null];
  if (least !== null && greatest !== null) return words.between(least, greatest);
  if (least !== null) return words.least(least);
  return greatest === null ? words.number : words.greatest(greatest);
}

const CONTROLS = { select: Choice, checkbox: Switch, text: Words, number: Figure } as const;
