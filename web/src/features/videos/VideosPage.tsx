import { Button, FileButton, Group, Skeleton, Stack, Tabs, Text, Title } from "@mantine/core";
import { IconTrash, IconUpload, IconVideo } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { videosQuery } from "../../api/queries";
import type { Video } from "../../api/types";
import { Empty } from "../../components/Empty";
import { ErrorBox } from "../../components/ErrorBox";
import { LinkButton } from "../../components/links";
import { Busy } from "../../components/Loaded";
import { notifyError } from "../../components/notify";
import { Page } from "../../components/Page";
import { useFileDrop } from "../../components/useFileDrop";
import { video as words } from "../../strings/video";
import { useMay } from "../people/useMay";
import { SendingCard } from "./SendingCard";
import { isVideoFile, useSending, videoUploads } from "./uploads";
import { VideoCard } from "./VideoCard";
import { VideoDialog, type VideoDeed } from "./VideoDialog";
import css from "./videos.module.css";

const route = getRouteApi("/projects/$projectId/videos");

/** The videos of a project: upload, what is being decoded, what can be opened. */
export function VideosPage() {
  const { projectId } = route.useParams();
  const { trash = false } = route.useSearch();
  const navigate = route.useNavigate();
  const may = useMay(projectId);
  const [deed, setDeed] = useState<{ readonly video: Video; readonly deed: VideoDeed } | null>(null);
  const add = (files: readonly File[]) => {
    for (const file of files.filter((one) => !isVideoFile(one))) notifyError(words.noVideo(file.name));
    videoUploads.add(projectId, files.filter(isVideoFile));
  };
  const over = useFileDrop((picked) => add(picked.map(({ file }) => file)), deed === null && may("manage"));
  return (
    <Page
      title={words.title}
      subtitle={words.intro}
      actions={
        <>
          <LinkButton to="/projects/$projectId/images" params={{ projectId }} variant="default">
            {words.toImages}
          </LinkButton>
          {may("manage") && <UploadButton onFiles={add} />}
        </>
      }
    >
      <Tabs
        value={trash ? "trash" : "all"}
        onChange={(tab) => void navigate({ search: tab === "trash" ? { trash: true } : {}, replace: true })}
        mb="md"
      >
        <Tabs.List aria-label={words.list}>
          <Tabs.Tab value="all">{words.all}</Tabs.Tab>
          <Tabs.Tab value="trash" ml="auto" leftSection={<IconTrash size={16} aria-hidden />}>
            {words.trash}
          </Tabs.Tab>
        </Tabs.List>
      </Tabs>
      {trash && (
        <Text size="sm" c="dimmed" mb="sm">
          {words.trashHint}
        </Text>
      )}
      <List projectId={projectId} trash={trash} onFiles={add} onDeed={(video, one) => setDeed({ video, deed: one })} />
      {over && (
        <div className={css.drop} role="status">
          <Title order={2}>{words.drop}</Title>
        </div>
      )}
      <VideoDialog chosen={deed} projectId={projectId} onClose={() => setDeed(null)} />
    </Page>
  );
}

function UploadButton({ onFiles }: { onFiles: (files: File[]) => void }) {
  return (
    <FileButton
      onChange={onFiles}
      multiple
      accept="video/*,.mkv,.mp4,.webm,.mov,.avi"
      inputProps={{ "aria-label": words.choose }}
    >
      {(props) => (
        <Button {...props} leftSection={<IconUpload size={16} aria-hidden />}>
          {words.upload}
        </Button>
      )}
    </FileButton>
  );
}

interface ListProps {
  projectId: string;
  trash: boolean;
  onFiles: (files: File[]) => void;
  onDeed: (video: Video, deed: VideoDeed) => void;
}

function List({ projectId, trash, onFiles, onDeed }: ListProps) {
  const may = useMay(projectId);
  const list = useInfiniteQuery(videosQuery(projectId, trash));
  const sending = useSending(projectId);
  const videos = list.data?.pages.flatMap((page) => page.items) ?? [];
  if (list.isPending) return <Waiting />;
  if (list.isError && list.data === undefined) return <ErrorBox error={list.error} onRetry={() => list.refetch()} />;
  if (videos.length === 0 && (trash || sending.length === 0)) {
    if (trash) return <Empty icon={IconTrash} title={words.emptyTrash} />;
    return (
      <Empty
        icon={IconVideo}
        title={words.emptyTitle}
        action={may("manage") ? <UploadButton onFiles={onFiles} /> : undefined}
      >
        {may.why("manage") === undefined ? words.emptyBody : words.emptyForOthers}
      </Empty>
    );
  }
  return (
    <Stack>
      <ul className={css.grid} aria-label={words.list}>
        {!trash && sending.map((one) => <SendingCard key={one.id} sending={one} />)}
        {videos.map((video) => (
          <VideoCard key={video.id} video={video} onDeed={(deed) => onDeed(video, deed)} />
        ))}
      </ul>
      {list.hasNextPage && (
        <Group justify="center">
          <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {words.showMore}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function Waiting() {
  return (
    <Busy>
      <div className={css.grid}>
        {Array.from({ length: 4 }, (_, key) => (
          <Skeleton key={key} height={220} radius="md" />
        ))}
      </div>
    </Busy>
  );
}
