import { Stack, Text } from "@mantine/core";
import { IconTags } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { classesQuery } from "../../api/queries";
import { Empty } from "../../components/Empty";
import { Loaded } from "../../components/Loaded";
import { classes as words } from "../../strings/classes";
import { Guarded } from "../people/Guarded";
import { AddClasses } from "./AddClasses";
import { ClassRow } from "./ClassRow";
import { useClassChanges } from "./useClasses";
import css from "./classes.module.css";

/** The class table of a project. */
export function ClassesPanel({ projectId }: { projectId: string }) {
  const query = useQuery(classesQuery(projectId));
  const changes = useClassChanges(projectId);
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
                  <ClassRow key={`${found.id} ${found.color}`} list={list} index={index} changes={changes} />
                ))}
              </ul>
            )
          }
        </Loaded>
        <AddClasses projectId={projectId} />
      </Guarded>
    </Stack>
  );
}
