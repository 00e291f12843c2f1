import { Alert, Button, Collapse, Group, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconCopy } from "@tabler/icons-react";
import { urls } from "../../api/queries";
import type { QualityReport } from "../../api/types";
import { count, plural } from "../../lib/format";
import { quality as words } from "../../strings/quality";

const SHOWN = 24;

/** Says that pictures of the split were also learned from, and shows which. */
export function TwinsWarning({ twins }: { twins: QualityReport["twins"] }) {
  const [opened, { toggle }] = useDisclosure(false);
  if (!twins || twins.images === 0) return null;
  const pairs = twins.pairs.slice(0, SHOWN);
  return (
    <Alert
      styles={{ label: { color: "var(--mantine-color-text)" } }}
      color="yellow"
      icon={<IconCopy aria-hidden />}
      title={words.twinsTitle(plural(twins.images, "image"))}
    >
      <Stack gap="xs" align="start">
        <Text size="sm">{words.twinsBody}</Text>
        <Button variant="default" size="compact-sm" aria-expanded={opened} onClick={toggle}>
          {words.twinsShow}
        </Button>
        <Collapse expanded={opened}>
          <Stack component="ul" gap="xs" m={0} p={0} style={{ listStyle: "none" }}>
            {pairs.map((pair) => (
              <Group key={pair.image_id} component="li" gap="xs" wrap="nowrap">
                <img src={urls.thumbnail(pair.image_id, 160)} alt="" height={64} loading="lazy" />
                <img src={urls.thumbnail(pair.twin_id, 160)} alt="" height={64} loading="lazy" />
                <Text size="sm" style={{ overflowWrap: "anywhere" }}>
                  {pair.name} ~ {pair.twin_name} ({words.twinOf})
                </Text>
              </Group>
            ))}
          </Stack>
          {twins.images > pairs.length && <Text size="sm">{words.twinsMore(count(twins.images - pairs.length))}</Text>}
        </Collapse>
      </Stack>
    </Alert>
  );
}
