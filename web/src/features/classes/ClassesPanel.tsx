import { Group, Stack, Text } from "@mantine/core";
import { IconTags } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { classesQuery, projectQuery } from "../../api/queries";
import { Empty } from "../../components/Empty";
import { Loaded } from "../../components/Loaded";
import { attributes } from "../../strings/attributes";
import { classes as words } from "../../strings/classes";
import { useUpdateProject } from "../projects/mutations";
import { Guarded } from "../people/Guarded";
import { AddClasses } from "./AddClasses";
import { AttributesEditor } from "./AttributesEditor";
import { AttributesKey } from "./AttributesKey";
import { ClassRow } from "./ClassRow";
import { useClassChanges } from "./useClasses";
import css from "./classes.module.css";

/** The class table of a project. */
export function ClassesPanel({ projectId }: { projectId: string }) {
  const query = useQuery(classesQuery(projectId));
  const changes = useClassChanges(projectId);
  const [opened, setOpened] = useState<string | null>(null);
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        {words.hint}
      </Text>
      <Guarded projectId={projectId} deed="manage">
        <Loaded query={query}>
          {(list) =>
            list.length === 0 ? (
              <Empty icon={IconTags} title={words.emptyTitle}>
                {words.emptyBody}
              </Empty>
            ) : (
              <ul className={css.list} aria-label={words.title}>
                {list.map((found, index) => (
                  <ClassRow
                    key={`${found.id} ${found.color}`}
                    list={list}
                    index={index}
                    changes={changes}
                    opened={opened === found.id}
                    onOpen={(open) => setOpened(open ? found.id : null)}
                  />
                ))}
              </ul>
            )
          }
        </Loaded>
        <AddClasses projectId={projectId} />
        <SharedAttributes projectId={projectId} />
      </Guarded>
    </Stack>
  );
}

/** What objects of every class have. */
function SharedAttributes({ projectId }: { projectId: string }) {
  const project = useQuery(projectQuery(projectId));
  const update = useUpdateProject(projectId);
  const [opened, setOpened] = useState(false);
  const definitions = project.data?.attributes ?? [];
  return (
    <section aria-label={attributes.ofAll}>
      <Group justify="space-between" wrap="nowrap">
        <Text fw={600}>{attributes.ofAll}</Text>
        <AttributesKey label={attributes.ofAll} count={definitions.length} opened={opened} onOpen={setOpened} />
      </Group>
      <Text size="sm" c="dimmed">
        {attributes.hint}
      </Text>
      {opened && project.data && (
        <AttributesEditor
          title={attributes.ofAll}
          definitions={definitions}
          save={(next) => update.mutateAsync({ attributes: next })}
        />
      )}
    </section>
  );
}
