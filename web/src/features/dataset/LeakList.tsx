import { Badge, Button, Group, Stack, Text, Title } from "@mantine/core";
import { IconArrowsJoin } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { LinkAnchor } from "../../components/links";
import { Loaded } from "../../components/Loaded";
import { Section } from "../../components/Section";
import { urls } from "../../api/queries";
import { baseName, count, plural } from "../../lib/format";
import { common } from "../../strings/common";
import { dataset } from "../../strings/dataset";
import { useMay } from "../people/useMay";
import css from "./dataset.module.css";
import { leaksQuery, type Leaks } from "./queries";

const words = dataset.leaks;
const GROUPS = 10;
const PICTURES = 6;

interface Props {
  projectId: string;
  onMend: () => void;
}

/** What lies in several splits at once, with the images. */
export function LeakList({ projectId, onMend }: Props) {
  const leaks = useQuery(leaksQuery(projectId));
  const may = useMay(projectId);
  return (
    <Section title={words.title}>
      <Loaded query={leaks}>
        {(report) => {
          const found = report.leaks.filter(({ groups }) => groups > 0);
          if (found.length === 0) return <Text c="dimmed">{words.none}</Text>;
          return (
            <Stack gap="md">
              <Group justify="space-between" align="start">
                <Text size="sm" maw={640}>
                  {words.hint}
                </Text>
                {may("manage") && (
                  <Button
                    variant="default"
                    title={words.mendHint}
                    leftSection={<IconArrowsJoin size={16} aria-hidden />}
                    onClick={onMend}
                  >
                    {words.mend}
                  </Button>
                )}
              </Group>
              {found.map((leak) => (
                <Kind key={leak.kind} projectId={projectId} leak={leak} />
              ))}
            </Stack>
          );
        }}
      </Loaded>
    </Section>
  );
}

function Kind({ projectId, leak }: { projectId: string; leak: Leaks }) {
  const rest = leak.groups - Math.min(leak.examples.length, GROUPS);
  return (
    <Stack gap="xs" component="section" aria-label={words.kinds[leak.kind]}>
      <Title order={3}>
        {words.kinds[leak.kind]}{" "}
        <Text span c="dimmed" size="sm" fw={400}>
          {words.count(plural(leak.groups, "group"), plural(leak.images, "image"))}
        </Text>
      </Title>
      {leak.examples.slice(0, GROUPS).map((group) => (
        <ul key={group[0]?.id} className={css.strip}>
          {group.slice(0, PICTURES).map((image) => (
            <li key={image.id}>
              <LinkAnchor
                to="/projects/$projectId/annotate/$imageId"
                params={{ projectId, imageId: image.id }}
                className={css.picture ?? ""}
                title={image.name}
              >
                <img src={urls.thumbnail(image.id, 160)} alt="" loading="lazy" />
                <span className={css.name}>{baseName(image.name)}</span>
                <Badge size="xs" color="gray">
                  {common.split[image.split]}
                </Badge>
              </LinkAnchor>
            </li>
          ))}
        </ul>
      ))}
      {rest > 0 && (
        <Text size="sm" c="dimmed">
          {words.more(count(rest))}
        </Text>
      )}
    </Stack>
  );
}
