/** One action in the settings: its keys, a new one, and the question where that key is taken already. */
import { Alert, Button, Group, Text } from "@mantine/core";
import { IconPlus, IconRestore, IconX } from "@tabler/icons-react";
import { useState } from "react";
import type { KeyboardEvent } from "react";

import { common } from "../../strings/common";
import { keys as text } from "../../strings/keys";
import { nameOfAction } from "../actions";
import type { Action } from "../actions";
import { actionById } from "../allActions";
import { IconKey } from "../IconKey";
import { isOfTheBrowser, nameOf, shownKey } from "../keys";
import type { Classes } from "../useClasses";
import type { Keymap } from "./keymap";
import css from "./keymap.module.css";
import { remember } from "./remembered";

interface Props {
  readonly action: Action;
  readonly keymap: Keymap;
  readonly classes: Classes;
  readonly recording: boolean;
  readonly onRecord: (on: boolean) => void;
}

export function KeyRow({ action, keymap, classes, recording, onRecord }: Props) {
  const name = nameOfAction(action);
  const own = keymap.keysOf(action.id);
  return (
    <div className={css.row} data-action={action.id}>
      <div className={css.line}>
        <Text size="sm" className={css.name ?? ""}>
          {name}
        </Text>
        <Group gap={4} justify="flex-end" wrap="wrap">
          {own.length === 0 && !recording && (
            <Text size="xs" c="dimmed">
              {text.none}
            </Text>
          )}
          {own.map((key) => (
            <Chip key={key} name={key} label={name} onRemove={() => remember(keymap.unbound(action.id, key))} />
          ))}
          {keymap.isOwn(action.id) && (
            <IconKey
              small
              icon={IconRestore}
              label={text.reset(name)}
              onClick={() => remember(keymap.reset(action.id))}
            />
          )}
          {!recording && <IconKey small icon={IconPlus} label={text.add(name)} onClick={() => onRecord(true)} />}
        </Group>
      </div>
      {recording && <Recorder action={action} keymap={keymap} classes={classes} onDone={() => onRecord(false)} />}
    </div>
  );
}

interface ChipProps {
  readonly name: string;
  /** The action that has the key. */
  readonly label: string;
  readonly onRemove: () => void;
}

function Chip({ name, label, onRemove }: ChipProps) {
  return (
    <span className={css.chip}>
      {shownKey(name)}
      <button type="button" className={css.take} aria-label={text.remove(shownKey(name), label)} onClick={onRemove}>
        <IconX size={12} stroke={2} aria-hidden />
      </button>
    </span>
  );
}

interface RecorderProps extends Pick<Props, "action" | "keymap" | "classes"> {
  readonly onDone: () => void;
}

/** Esc here does not close the dialog. */
const OWN_ESCAPE = { "data-mantine-stop-propagation": true };

/** Waits for a key. One that is free is taken at once; about any other one a person decides. */
function Recorder({ action, keymap, classes, onDone }: RecorderProps) {
  const [key, setKey] = useState("");
  const take = (chosen: string): void => {
    remember(keymap.bound(action.id, chosen));
    onDone();
  };
  const press = (event: KeyboardEvent): void => {
    event.preventDefault();
    event.stopPropagation();
    const pressed = nameOf(event.nativeEvent);
    if (pressed === "Escape") onDone();
    else if (pressed === "") return;
    else if (refusal(pressed) === "" && holderOf(pressed, action, keymap, classes) === "") take(pressed);
    else setKey(pressed);
  };
  const refused = refusal(key);
  const question = refused || holderOf(key, action, keymap, classes);
  return (
    <>
      {key === "" && (
        <button type="button" className={css.recorder} autoFocus {...OWN_ESCAPE} onKeyDown={press} onBlur={onDone}>
          {text.press}
        </button>
      )}
      {key !== "" && (
        <Alert color="yellow" p="xs" role="alert">
          <Group gap="sm" justify="space-between">
            <Text size="sm">{question}</Text>
            <Group gap="xs">
              <Button
                size="compact-sm"
                variant="default"
                autoFocus
                {...OWN_ESCAPE}
                onClick={onDone}
                onKeyDown={(event) => event.key === "Escape" && onDone()}
              >
                {common.cancel}
              </Button>
              {refused === "" && (
                <Button size="compact-sm" onClick={() => take(key)}>
                  {text.replace}
                </Button>
              )}
            </Group>
          </Group>
        </Alert>
      )}
    </>
  );
}

/** Why no action can have this key; empty where one can. */
function refusal(key: string): string {
  if (isOfTheBrowser(key)) return text.browser(shownKey(key));
  return key === "Space" ? text.fixed(shownKey(key)) : "";
}

/** Who has this key; empty where nobody has it. */
function holderOf(key: string, action: Action, keymap: Keymap, classes: Classes): string {
  const holder = keymap.idFor(key);
  const other = holder === undefined || holder === action.id ? undefined : actionById.get(holder);
  if (other) return text.taken(shownKey(key), nameOfAction(other));
  const classId = classes.list.find(({ id }) => classes.hotkeys.get(id) === key)?.id;
  const name = classId === undefined || holder !== undefined ? undefined : classes.styles.get(classId)?.name;
  return name === undefined ? "" : text.takenByClass(shownKey(key), name);
}
