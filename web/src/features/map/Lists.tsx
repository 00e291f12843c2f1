import { Button, Group, Text, Title } from "@mantine/core";
import { IconLasso, IconPhotoOff, IconX } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery, type UseQueryResult } from "@tanstack/react-query";
import { useEffect, useMemo, type ReactNode } from "react";
import { imageQuery, urls } from "../../api/queries";
import type { Image } from "../../api/types";
import { Empty } from "../../components/Empty";
import { ErrorBox } from "../../components/ErrorBox";
import { Lines } from "../../components/Loaded";
import { baseName, plural } from "../../lib/format";
import { map as words } from "../../strings/map";
import { Listed } from "../images/Listed";
import css from "./map.module.css";
import { likePictureQuery, pickedQuery, similarQuery, type SimilarImage } from "./queries";

interface Base {
  projectId: string;
  onSimilar: (image: Image) => void;
  onClear: () => void;
}

/** What is listed where nothing is chosen. */
export function NothingPicked() {
  return (
    <Empty icon={IconLasso} title={words.picking}>
      {words.pickingBody}
    </Empty>
  );
}

/** The images that were selected on the map. */
export function Picked({
  projectId,
  ids,
  stamp,
  onSimilar,
  onClear,
}: Base & { ids: readonly string[]; stamp: number }) {
  const list = useInfiniteQuery(pickedQuery(projectId, ids, stamp));
  const images = useMemo(() => list.data?.pages.flat() ?? [], [list.data]);
  return (
    <>
      <Head onClear={onClear}>
        <Title order={2}>{words.picked(plural(ids.length, "image"))}</Title>
      </Head>
      {list.isPending && <Lines />}
      {list.isError && list.data === undefined && <ErrorBox error={list.error} onRetry={() => list.refetch()} />}
      {images.length > 0 && (
        <Listed
          projectId={projectId}
          images={images}
          place={`${projectId} picked ${stamp}`}
          onSimilar={onSimilar}
          hasMore={list.hasNextPage}
          loadingMore={list.isFetchingNextPage}
          onMore={() => void list.fetchNextPage()}
        />
      )}
    </>
  );
}

/** The images most like one of the project. */
export function Similar({ projectId, imageId, ...rest }: Base & { imageId: string }) {
  const found = useQuery(similarQuery(imageId, projectId));
  const image = useQuery(imageQuery(imageId)).data;
  const name = image === undefined ? "" : baseName(image.name);
  return (
    <Likes
      found={found}
      projectId={projectId}
      name={name}
      place={`${projectId} like ${imageId}`}
      src={urls.thumbnail(imageId, 320)}
      {...rest}
    />
  );
}

/** The images most like a picture from elsewhere. */
export function LikePicture({ projectId, picture, ...rest }: Base & { picture: File }) {
  const found = useQuery(likePictureQuery(projectId, picture));
  const src = useMemo(() => URL.createObjectURL(picture), [picture]);
  useEffect(() => () => URL.revokeObjectURL(src), [src]);
  return (
    <Likes
      found={found}
      projectId={projectId}
      name={picture.name}
      place={`${projectId} like ${picture.name}`}
      src={src}
      {...rest}
    />
  );
}

interface LikesProps extends Base {
  found: UseQueryResult<SimilarImage[]>;
  name: string;
  place: string;
  src: string | undefined;
}

function Likes({ found, projectId, name, place, src, onSimilar, onClear }: LikesProps) {
  const images = useMemo(() => found.data?.map((one) => one.image) ?? [], [found.data]);
  const notes = useMemo(
    () => new Map(found.data?.map((one) => [one.image.id, one.similarity.toFixed(2)])),
    [found.data],
  );
  return (
    <>
      <Head onClear={onClear}>
        {src !== undefined && <img src={src} alt="" className={css.asked} />}
        <div style={{ minWidth: 0 }}>
          <Text size="sm" c="dimmed">
            {words.similarTo}
          </Text>
          <Title order={2} className={css.askedName}>
            {name}
          </Title>
        </div>
      </Head>
      {found.isPending && <Lines />}
      {found.isError && <ErrorBox error={found.error} onRetry={() => found.refetch()} />}
      {found.data !== undefined && images.length === 0 && <Empty icon={IconPhotoOff} title={words.none} />}
      {images.length > 0 && (
        <Listed projectId={projectId} images={images} place={place} notes={notes} onSimilar={onSimilar} />
      )}
    </>
  );
}

function Head({ children, onClear }: { children: ReactNode; onClear: () => void }) {
  return (
    <Group gap="sm" wrap="nowrap" mb="xs" justify="space-between">
      <Group gap="sm" wrap="nowrap" style={{ minWidth: 0 }}>
        {children}
      </Group>
      <Button
        variant="subtle"
        size="compact-sm"
        style={{ flex: "none" }}
        leftSection={<IconX size={14} aria-hidden />}
        onClick={onClear}
      >
        {words.clear}
      </Button>
    </Group>
  );
}
