import { Button, Group, Loader, Text } from "@mantine/core";
import { IconListSearch } from "@tabler/icons-react";
import { Empty } from "../../components/Empty";
import { count } from "../../lib/format";
import { images as words } from "../../strings/images";
import css from "./images.module.css";

/** Nothing was found yet, but not everything was looked at. */
export function Searching({ onClear }: { onClear: () => void }) {
  return (
    <div className={css.scroll} role="status">
      <Empty
        icon={IconListSearch}
        title={words.searching}
        action={
          <Button variant="default" onClick={onClear}>
            {words.clearFilters}
          </Button>
        }
      >
        {words.searchingNone}
      </Empty>
    </div>
  );
}

/** Below what was found by now. */
export function SearchFoot({ found }: { found: number }) {
  return (
    <Group justify="center" gap="xs" p="md">
      <Loader size="xs" aria-hidden />
      <Text size="sm" c="dimmed" role="status">
        {words.foundSoFar(count(found))}
      </Text>
    </Group>
  );
}
