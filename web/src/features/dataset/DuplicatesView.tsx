import { Badge, Button, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { IconCopyOff, IconTrash } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { urls } from "../../api/queries";
import type { Image } from "../../api/types";
import { Empty } from "../../components/Empty";
import { ErrorBox } from "../../components/ErrorBox";
import { LinkAnchor } from "../../components/links";
import { Lines } from "../../components/Loaded";
import { baseName, count, plural } from "../../lib/format";
import { common } from "../../strings/common";
import { dataset } from "../../strings/dataset";
import { useBulk } from "../images/useImages";
import { useMay } from "../people/useMay";
import { CheckupBar } from "./CheckupBar";
import { checkupQuery, duplicatesQuery, type DuplicateGroup } from "./checkupQueries";
import css from "./dataset.module.css";

const words = dataset.duplicates;

/** Groups of images that show the same; of each one image can be kept. */
export function DuplicatesView({ projectId }: { projectId: string }) {
  const list = useInfiniteQuery(duplicatesQuery(projectId));
  const looked = (useQuery(checkupQuery(projectId)).data?.checked ?? 0) > 0;
  const bulk = useBulk(projectId);
  const may = useMay(projectId);
  const groups = list.data?.pages.flatMap((page) => page.items) ?? [];
  const spare = groups.flatMap((group) => group.images.slice(1));
  return (
    <Stack gap="md">
      <CheckupBar projectId={projectId} />
      {list.isError && list.data === undefined && <ErrorBox error={list.error} onRetry={() => list.refetch()} />}
      {list.isPending && <Lines />}
      {looked && list.data !== undefined && groups.length === 0 && (
        <Empty icon={IconCopyOff} title={words.none}>
          {words.noneBody}
        </Empty>
      )}
      {groups.length > 0 && (
        <Group justify="space-between">
          <Title order={2}>{words.title}</Title>
          {may("manage") && (
            <Button
              variant="default"
              leftSection={<IconTrash size={16} aria-hidden />}
              title={words.bestHint}
              loading={bulk.trash.isPending}
              onClick={() => bulk.trash.mutate(spare)}
            >
              {words.keepBest(count(spare.length))}
            </Button>
          )}
        </Group>
      )}
      {groups.map((group) => (
        <GroupCard
          key={group.id}
          projectId={projectId}
          group={group}
          onKeep={
            may("manage")
              ? (kept) => bulk.trash.mutate(group.images.filter((image) => image.id !== kept.id))
              : undefined
          }
        />
      ))}
      {list.hasNextPage && (
        <Group justify="center">
          <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {common.loadMore}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

interface GroupProps {
  projectId: string;
  group: DuplicateGroup;
  onKeep: ((image: Image) => void) | undefined;
}

function GroupCard({ projectId, group, onKeep }: GroupProps) {
  return (
    <Paper p="sm" component="article" aria-label={group.images[0]?.name ?? ""}>
      <Group gap="xs" mb="xs">
        <Text fw={600}>{plural(group.images.length, "image")}</Text>
        <Badge color="gray">{group.exact ? words.exact : words.alike}</Badge>
      </Group>
      <ul className={css.strip}>
        {group.images.map((image) => (
          <li key={image.id} className={css.member}>
            <LinkAnchor
              to="/projects/$projectId/annotate/$imageId"
              params={{ projectId, imageId: image.id }}
              className={css.picture ?? ""}
              title={image.name}
            >
              <img src={urls.thumbnail(image.id, 320)} alt="" loading="lazy" />
              <span className={css.name}>{baseName(image.name)}</span>
            </LinkAnchor>
            <Text size="xs" c="dimmed" mb={4}>
              {image.width} × {image.height}
              <br />
              {common.split[image.split]}, {plural(image.annotations, "object")}
            </Text>
            {onKeep !== undefined && (
              <Button
                size="compact-xs"
                variant="default"
                aria-label={words.keep(image.name)}
                title={words.keep(image.name)}
                onClick={() => onKeep(image)}
              >
                {words.keepShort}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Paper>
  );
}
