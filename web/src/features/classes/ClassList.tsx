import { Button, Group, Text, Tooltip } from "@mantine/core";
import { IconArrowMerge } from "@tabler/icons-react";
import { useState, type KeyboardEvent } from "react";
import type { LabelClass } from "../../api/types";
import { classChanges } from "../../strings/classChanges";
import { classes as words } from "../../strings/classes";
import type { Asked } from "./useAsking";
import { ClassRow } from "./ClassRow";
import { useClassChanges } from "./useClasses";
import css from "./classes.module.css";

interface Props {
  projectId: string;
  list: readonly LabelClass[];
  marked: readonly string[];
  onMark: (ids: readonly string[]) => void;
  onAsk: (asked: Asked) => void;
}

/** The classes in their order; those that are marked can be merged (M) or deleted (Delete). */
export function ClassList({ projectId, list, marked, onMark, onAsk }: Props) {
  const changes = useClassChanges(projectId);
  const [opened, setOpened] = useState<string | null>(null);
  const chosen = list.filter(({ id }) => marked.includes(id));
  const ids = chosen.map(({ id }) => id);
  const merge = () => {
    // The largest keeps its name, unless somebody says otherwise.
    const into = chosen.toSorted((one, other) => other.annotations - one.annotations)[0];
    if (into !== undefined && chosen.length > 1) onAsk({ kind: "merge", ids, into: into.name });
    else if (into !== undefined) onAsk({ kind: "merge", ids });
  };
  const press = (event: KeyboardEvent) => {
    if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey || ids.length === 0) return;
    if (event.key.toLowerCase() === "m") merge();
    else if (event.key === "Delete") onAsk({ kind: "delete", ids });
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div onKeyDown={press}>
      {ids.length > 0 && (
        <Group className={css.marked ?? ""} role="toolbar" aria-label={classChanges.selected(ids.length)}>
          <Text size="sm" fw={600} role="status">
            {classChanges.selected(ids.length)}
          </Text>
          <Tooltip label={`${classChanges.merge} (${classChanges.mergeKey})`}>
            <Button size="compact-sm" leftSection={<IconArrowMerge size={16} aria-hidden />} onClick={merge}>
              {ids.length > 1 ? classChanges.merge : classChanges.mergeInto}
            </Button>
          </Tooltip>
          <Button size="compact-sm" variant="subtle" onClick={() => onMark([])}>
            {classChanges.unselect}
          </Button>
        </Group>
      )}
      <ul className={css.list} aria-label={words.title}>
        {list.map((found, index) => (
          <ClassRow
            key={`${found.id} ${found.color}`}
            projectId={projectId}
            list={list}
            index={index}
            changes={changes}
            opened={opened === found.id}
            onOpen={(open) => setOpened(open ? found.id : null)}
            marked={marked.includes(found.id)}
            onMark={(on) => onMark(on ? [...ids, found.id] : ids.filter((id) => id !== found.id))}
            onAsk={onAsk}
          />
        ))}
      </ul>
    </div>
  );
}

/** Whether keys are letters there: a box to tick is an input, too, but nothing is typed into it. */
function isTyping(target: EventTarget): boolean {
  return target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && target.type !== "checkbox");
}
