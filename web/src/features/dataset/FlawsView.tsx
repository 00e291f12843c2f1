import { Button, Group, NumberInput, Stack, Text } from "@mantine/core";
import { IconPhotoCheck } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { Empty } from "../../components/Empty";
import { ErrorBox } from "../../components/ErrorBox";
import { Lines } from "../../components/Loaded";
import { Segments } from "../../components/Segments";
import { count } from "../../lib/format";
import { dataset } from "../../strings/dataset";
import { Listed } from "../images/Listed";
import { CheckupBar } from "./CheckupBar";
import { checkupQuery, flawsQuery } from "./checkupQueries";
import { FLAWS, type Flaw } from "./view";

const words = dataset.flaws;

interface Props {
  projectId: string;
  flaw: Flaw;
  limit: number | undefined;
  onChange: (view: { flaw: Flaw; limit?: number | undefined }) => void;
}

/** Images that are blurred, dark, overexposed or tiny, the worst first; selected ones go to the trash or get a tag. */
export function FlawsView(props: Props) {
  return (
    <Stack gap="md">
      <CheckupBar projectId={props.projectId} />
      <Choice {...props} />
      <Flawed key={`${props.flaw} ${props.limit ?? ""}`} {...props} />
    </Stack>
  );
}

function Choice({ projectId, flaw, limit, onChange }: Props) {
  const found = useQuery(checkupQuery(projectId)).data;
  const counts = new Map(found?.flaws.map((one) => [one.flaw, one]));
  const label = (name: Flaw) => {
    const n = counts.get(name)?.images;
    return n === undefined ? words.names[name] : `${words.names[name]} ${count(n)}`;
  };
  const usual = counts.get(flaw)?.limit ?? 0;
  return (
    <Stack gap="xs">
      <Segments
        aria-label={words.which}
        data={FLAWS.map((value) => ({ value, label: label(value) }))}
        value={flaw}
        onChange={(value) => onChange({ flaw: FLAWS.find((name) => name === value) ?? "blurred" })}
      />
      {flaw === "unreadable" ? (
        <Text size="sm" c="dimmed">
          {words.hints[flaw]}
        </Text>
      ) : (
        <Group align="end" gap="sm">
          <NumberInput
            label={words.limits[flaw]}
            description={words.hints[flaw]}
            value={limit ?? Math.round(usual * 10) / 10}
            min={0}
            decimalScale={1}
            w={360}
            onChange={(value) => {
              if (typeof value === "number") onChange({ flaw, limit: value });
            }}
          />
          {limit !== undefined && (
            <Button variant="subtle" onClick={() => onChange({ flaw })}>
              {words.usual}
            </Button>
          )}
        </Group>
      )}
    </Stack>
  );
}

function Flawed({ projectId, flaw, limit }: Props) {
  const looked = (useQuery(checkupQuery(projectId)).data?.checked ?? 0) > 0;
  const list = useInfiniteQuery(flawsQuery(projectId, flaw, limit));
  const images = useMemo(() => list.data?.pages.flatMap((page) => page.items.map(({ image }) => image)) ?? [], [list]);
  const { fetchNextPage } = list;
  const more = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  if (list.isError && list.data === undefined) return <ErrorBox error={list.error} onRetry={() => list.refetch()} />;
  if (list.isPending) return <Lines />;
  if (images.length === 0) {
    return !looked ? null : (
      <Empty icon={IconPhotoCheck} title={words.none}>
        {words.noneBody}
      </Empty>
    );
  }
  return (
    <Listed
      projectId={projectId}
      images={images}
      place={`${projectId} ${flaw} ${limit ?? ""}`}
      hasMore={list.hasNextPage}
      loadingMore={list.isFetchingNextPage}
      onMore={more}
    />
  );
}
