import { Button, FileButton, Stack, Text, Title } from "@mantine/core";
import { IconChartDots3, IconPhotoPlus, IconPhotoSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useMemo, useRef, useState } from "react";
import { classesQuery } from "../../api/queries";
import { Empty } from "../../components/Empty";
import { LinkButton } from "../../components/links";
import { Loaded } from "../../components/Loaded";
import { useFileDrop } from "../../components/useFileDrop";
import { count } from "../../lib/format";
import { map as words } from "../../strings/map";
import { groupsOf, type Points } from "./groups";
import { Legend } from "./Legend";
import { LikePicture, NothingPicked, Picked, Similar } from "./Lists";
import { MapBar } from "./MapBar";
import css from "./map.module.css";
import { imageMapQuery, mapPointsQuery } from "./queries";
import { Scatter } from "./Scatter";
import type { MapView as View } from "./view";

interface Props {
  projectId: string;
  view: View;
  onChange: (view: View) => void;
}

/** Images by what they show: all on a map, and those that are like one of them, or like a picture from elsewhere. */
export function MapView({ projectId, view, onChange }: Props) {
  const map = useQuery(imageMapQuery(projectId)).data;
  const [picture, setPicture] = useState<File>();
  const isMade = map !== undefined && map.made_at !== null;
  const compare = (file: File | null | undefined) => {
    if (!file) return;
    setPicture(file);
    const { similar: _similar, ...rest } = view;
    onChange(rest);
  };
  const over = useFileDrop((files) => compare(files[0]?.file), isMade);
  return (
    <Stack gap="md">
      <MapBar projectId={projectId}>
        {isMade && (
          <FileButton accept="image/*" onChange={compare}>
            {(props) => (
              <Button
                {...props}
                variant="default"
                title={words.uploadHint}
                leftSection={<IconPhotoSearch size={16} aria-hidden />}
              >
                {words.upload}
              </Button>
            )}
          </FileButton>
        )}
      </MapBar>
      {map?.total === 0 && (
        <Empty
          icon={IconPhotoPlus}
          title={words.noImages}
          action={
            <LinkButton to="/projects/$projectId/images" params={{ projectId }}>
              {words.toImages}
            </LinkButton>
          }
        >
          {words.noImagesBody}
        </Empty>
      )}
      {map !== undefined && map.made_at === null && map.total > 0 && (
        <Empty icon={IconChartDots3} title={words.emptyTitle}>
          {words.emptyBody}
        </Empty>
      )}
      {map !== undefined && map.made_at !== null && (
        <Made
          projectId={projectId}
          view={view}
          onChange={onChange}
          madeAt={map.made_at}
          picture={picture}
          onPicture={setPicture}
        />
      )}
      {over && (
        <div className={css.drop} role="status">
          <Title order={2}>{words.drop}</Title>
        </div>
      )}
    </Stack>
  );
}

interface MadeProps extends Props {
  madeAt: string;
  picture: File | undefined;
  onPicture: (picture: File | undefined) => void;
}

function Made({ madeAt, ...rest }: MadeProps) {
  const points = useQuery(mapPointsQuery(rest.projectId, madeAt));
  return <Loaded query={points}>{(found) => <Plane {...rest} points={found} />}</Loaded>;
}

interface Pick {
  rows: readonly number[];
  stamp: number;
}

function Plane({
  projectId,
  view,
  onChange,
  points,
  picture,
  onPicture,
}: Omit<MadeProps, "madeAt"> & { points: Points }) {
  const navigate = useNavigate();
  const classes = useQuery(classesQuery(projectId)).data;
  const colour = view.colour ?? "class";
  const groups = useMemo(() => groupsOf(points, colour, classes ?? []), [points, colour, classes]);
  const [pick, setPick] = useState<Pick | null>(null);
  const asked = view.similar === undefined ? -1 : points.ids.indexOf(view.similar);
  const chosen = useMemo(() => (pick === null ? null : new Set(pick.rows)), [pick]);
  const ids = useMemo(() => pick?.rows.map((row) => points.ids[row] ?? "") ?? [], [pick, points]);
  const set = (next: View) => {
    onPicture(undefined);
    onChange(next);
  };
  const { similar: _similar, ...without } = view;
  const clear = () => {
    setPick(null);
    set(without);
  };
  const similar = (id: string) => {
    setPick(null);
    set({ ...view, similar: id });
  };
  const select = (rows: readonly number[], add: boolean) => {
    const all = add && pick !== null ? [...new Set([...pick.rows, ...rows])] : rows;
    setPick(all.length === 0 ? null : { rows: all, stamp: performance.now() });
    set(without);
  };
  // Who comes from an image wants to see what is like it, which on a phone lies below the map.
  const [isSent] = useState(view.similar !== undefined);
  const list = useRef<HTMLElement>(null);
  useEffect(() => {
    if (isSent) list.current?.scrollIntoView({ block: "nearest" });
  }, [isSent]);
  const base = { projectId, onSimilar: ({ id }: { id: string }) => similar(id), onClear: clear };
  return (
    <div className={css.map}>
      <div className={css.left}>
        <Scatter
          points={points}
          groups={groups}
          chosen={chosen}
          asked={asked}
          onPick={select}
          onClick={(row) => (row < 0 ? clear() : similar(points.ids[row] ?? ""))}
          onOpen={(row) => {
            if (row < 0) return;
            void navigate({
              to: "/projects/$projectId/annotate/$imageId",
              params: { projectId, imageId: points.ids[row] ?? "" },
              search: {},
            });
          }}
          onClear={clear}
        />
        <Text size="sm" c="dimmed">
          {words.hint} {points.ids.length < points.total && words.part(count(points.ids.length), count(points.total))}
        </Text>
        <Legend
          groups={groups}
          colour={colour}
          onColour={(next) => {
            const { colour: _colour, ...rest } = view;
            onChange(next === "class" ? rest : { ...rest, colour: next });
          }}
          onPick={select}
        />
      </div>
      <section ref={list} className={css.right} aria-label={words.similar}>
        {picture !== undefined ? (
          <LikePicture {...base} picture={picture} />
        ) : view.similar !== undefined ? (
          <Similar {...base} imageId={view.similar} />
        ) : pick !== null ? (
          <Picked {...base} ids={ids} stamp={pick.stamp} />
        ) : (
          <NothingPicked />
        )}
      </section>
    </div>
  );
}
