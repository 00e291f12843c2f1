import { Button, Group, Stack, Text } from "@mantine/core";
import { IconArrowBackUp } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Time } from "../../components/Time";
import { classChanges as words } from "../../strings/classChanges";
import { common } from "../../strings/common";
import { historyQuery, useClassDeeds, type Change } from "./changes";
import { titleOf, touched } from "./said";
import css from "./classes.module.css";

const SHOWN = 5;

/** What was done to the classes; each change can be taken back. */
export function RecentChanges({ projectId }: { projectId: string }) {
  const changes = useQuery(historyQuery(projectId)).data ?? [];
  const { undo } = useClassDeeds(projectId);
  const [all, setAll] = useState(false);
  if (changes.length === 0) return null;
  return (
    <section aria-label={words.history}>
      <Text fw={600} mb="xs">
        {words.history}
      </Text>
      <Stack gap="xs" component="ul" className={css.list ?? ""}>
        {(all ? changes : changes.slice(0, SHOWN)).map((change) => (
          <Group key={change.id} component="li" justify="space-between" wrap="nowrap" gap="sm">
            <Line change={change} />
            {change.kind !== "undo" && !change.undone && (
              <Button
                size="compact-sm"
                variant="default"
                style={{ flex: "none" }}
                leftSection={<IconArrowBackUp size={14} aria-hidden />}
                aria-label={`${common.undo}: ${titleOf(change)}`}
                loading={undo.isPending && undo.variables === change.id}
                onClick={() => undo.mutate(change.id)}
              >
                {common.undo}
              </Button>
            )}
          </Group>
        ))}
      </Stack>
      {!all && changes.length > SHOWN && (
        <Button variant="subtle" size="compact-sm" mt="xs" onClick={() => setAll(true)}>
          {words.showAll(changes.length)}
        </Button>
      )}
    </section>
  );
}

function Line({ change }: { change: Change }) {
  return (
    <Text size="sm" style={{ overflowWrap: "anywhere" }}>
      {titleOf(change)}
      <Text span c="dimmed" inherit>
        {change.objects > 0 && ` · ${touched(change)}`}
        {change.undone && ` · ${words.wasUndone}`}
        {" · "}
        <Time value={change.created_at} />
      </Text>
    </Text>
  );
}
