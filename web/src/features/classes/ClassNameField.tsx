import { Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { LabelClass } from "../../api/types";
import { notifyUndo } from "../../components/notify";
import { plural } from "../../lib/format";
import { classChanges } from "../../strings/classChanges";
import { classes as words } from "../../strings/classes";
import type { Asked } from "./useAsking";
import { previewQuery } from "./changes";
import { objectsOf } from "./said";
import type { useClassChanges } from "./useClasses";
import css from "./classes.module.css";

interface Props {
  projectId: string;
  found: LabelClass;
  list: readonly LabelClass[];
  changes: ReturnType<typeof useClassChanges>;
  onAsk: (asked: Asked) => void;
}

/** The name of a class, to be changed in its place. One that another class has offers to merge the two. */
export function ClassNameField({ projectId, found, list, changes, onAsk }: Props) {
  const [draft, setDraft] = useState<string | null>(null);
  const { isPending, variables } = changes.update;
  const coming = isPending && variables.id === found.id ? variables.name : undefined;
  const finish = () => {
    const name = draft?.trim() ?? "";
    setDraft(null);
    if (name === "" || name === found.name) return;
    const owner = list.find((other) => other.id !== found.id && other.name.normalize() === name.normalize());
    if (owner !== undefined) onAsk({ kind: "merge", ids: [found.id], into: owner.name, renamed: true });
    else
      changes.update.mutate(
        { id: found.id, name },
        {
          onSuccess: () =>
            notifyUndo(classChanges.renamed(found.name, name), () =>
              changes.update.mutateAsync({ id: found.id, name: found.name }),
            ),
        },
      );
  };
  return (
    <div className={css.name}>
      <TextInput
        variant="unstyled"
        aria-label={words.name(found.name)}
        value={draft ?? coming ?? found.name}
        maxLength={200}
        onChange={(event) => setDraft(event.currentTarget.value)}
        onBlur={finish}
        onKeyDown={(event) => {
          if (event.key === "Enter") event.currentTarget.blur();
          if (event.key === "Escape" && draft !== null) {
            event.stopPropagation();
            setDraft(null);
          }
        }}
      />
      {draft !== null && draft.trim() !== found.name && <Bearing projectId={projectId} id={found.id} />}
    </div>
  );
}

/** How many objects will bear the new name. */
function Bearing({ projectId, id }: { projectId: string; id: string }) {
  const plan = {
    kind: "delete",
    class_ids: [id],
    into_id: null,
    name: null,
    query: null,
    image_ids: null,
    values: "keep",
  } as const;
  const total = useQuery(previewQuery(projectId, { ...plan, class_ids: [id] })).data?.total;
  if (total === undefined) return null;
  return (
    <Text size="xs" c="dimmed" role="status">
      {classChanges.bears(plural(objectsOf(total), "object"), plural(total.images, "image"))}
    </Text>
  );
}
