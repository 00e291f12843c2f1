import { Alert, List, Title } from "@mantine/core";
import { IconAlertTriangle, IconCheck } from "@tabler/icons-react";
import type { UseQueryResult } from "@tanstack/react-query";
import type { Loss } from "../../api/types";
import { Lines, Loaded } from "../../components/Loaded";
import { count } from "../../lib/format";
import { exchange as words } from "../../strings/exchange";

/** What a format cannot hold, before anything is written; `none` says that it holds all. */
export function Losses({ query, none }: { query: UseQueryResult<Loss[]>; none: string }) {
  return (
    <section aria-label={words.losses}>
      <Title order={3}>{words.losses}</Title>
      <Loaded query={query} skeleton={<Lines rows={2} />}>
        {(list) =>
          list.length === 0 ? (
            <Alert color="green" icon={<IconCheck aria-hidden />} py="xs">
              {none}
            </Alert>
          ) : (
            <Alert color="yellow" icon={<IconAlertTriangle aria-hidden />} py="xs">
              <List size="md">
                {list.map((loss) => (
                  <List.Item key={loss.code}>
                    {loss.message} ({count(loss.count)})
                  </List.Item>
                ))}
              </List>
            </Alert>
          )
        }
      </Loaded>
    </section>
  );
}
