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
import type { ImageFilter } from "../images/filter";
import { AddClasses } from "./AddClasses";
import { AttributesEditor } from "./AttributesEditor";
import { AttributesKey } from "./AttributesKey";
import { ChangeDialog } from "./ChangeDialog";
import type { Asked } from "./useAsking";
import { ClassList } from "./ClassList";
import { RecentChanges } from "./RecentChanges";

interface Props {
  projectId: string;
  /** What the library beside it shows: a split begins with it. */
  filter?: ImageFilter;
}

/** The class table of a project. */
export function ClassesPanel({ projectId, filter }: Props) {
  const query = useQuery(classesQuery(projectId));
  const [asked, setAsked] = useState<Asked | null>(null);
  const [marked, setMarked] = useState<readonly string[]>([]);
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
              <ClassList projectId={projectId} list={list} marked={marked} onMark={setMarked} onAsk={setAsked} />
            )
          }
        </Loaded>
        <AddClasses projectId={projectId} />
        <SharedAttributes projectId={projectId} />
        <RecentChanges projectId={projectId} />
      </Guarded>
      {asked && query.data && (
        <ChangeDialog
          projectId={projectId}
          list={query.data}
          asked={asked}
          filter={filter}
          onClose={() => setAsked(null)}
          onDone={() => setMarked([])}
        />
      )}
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
