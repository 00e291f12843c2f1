import { ActionIcon, Button, Group, Menu, Stack, Text } from "@mantine/core";
import {
  IconAlertTriangle,
  IconDots,
  IconDownload,
  IconFileImport,
  IconPencil,
  IconPhotoPlus,
  IconRestore,
  IconTrash,
  IconVideo,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { jobQuery, urls } from "../../api/queries";
import { sentence } from "../../api/client";
import type { Video } from "../../api/types";
import { bytes, duration } from "../../lib/format";
import { video as words } from "../../strings/video";
import { JobActions } from "../jobs/JobActions";
import { JobProgress } from "../jobs/JobProgress";
import { useMay } from "../people/useMay";
import { useVideoMutations } from "./mutations";
import type { VideoDeed } from "./VideoDialog";
import css from "./videos.module.css";

interface Props {
  video: Video;
  onDeed: (deed: VideoDeed) => void;
}

/** One video: its first frame as the way in, how far decoding is, or why it failed. */
export function VideoCard({ video, onDeed }: Props) {
  const params = { projectId: video.project_id, videoId: video.id };
  const ready = video.state === "ready" && (video.deleted_at ?? null) === null;
  const picture = <Picture video={video} />;
  return (
    <li className={css.card} data-state={video.state}>
      {ready ? (
        <Link
          to="/projects/$projectId/videos/$videoId"
          params={params}
          className={css.way}
          aria-label={words.open(video.name)}
        >
          {picture}
        </Link>
      ) : (
        picture
      )}
      <Stack gap={4} p="sm" className={css.body ?? ""}>
        <Group justify="space-between" wrap="nowrap" gap="xs">
          <Text fw={600} truncate title={video.name}>
            {video.name}
          </Text>
          <VideoMenu video={video} onDeed={onDeed} />
        </Group>
        <State video={video} />
      </Stack>
    </li>
  );
}

function Picture({ video }: { video: Video }) {
  if (video.state === "ready")
    return <img className={css.picture} src={urls.frame(video.id, 0, 320)} alt="" loading="lazy" />;
  const Icon = video.state === "failed" ? IconAlertTriangle : IconVideo;
  return (
    <div className={css.picture}>
      <Icon size={40} stroke={1} aria-hidden />
    </div>
  );
}

function State({ video }: { video: Video }) {
  const job = useQuery({ ...jobQuery(video.job_id ?? ""), enabled: video.state !== "ready" && video.job_id !== null });
  if (video.state === "ready") {
    return (
      <>
        <Text size="sm" c="dimmed" style={{ fontVariantNumeric: "tabular-nums" }}>
          {words.facts(words.frameCount(video.frames), duration(video.duration), bytes(video.bytes))}
        </Text>
        <Text size="sm" c="dimmed" style={{ fontVariantNumeric: "tabular-nums" }}>
          {words.trackCount(video.tracks)}
        </Text>
        {video.problem !== null && (
          <Text size="sm" c="dimmed">
            {sentence(video.problem)}
          </Text>
        )}
      </>
    );
  }
  return (
    <>
      {video.state === "failed" ? (
        <Text size="sm" c="red" role="status">
          {sentence(video.problem ?? job.data?.error ?? words.failed)}
        </Text>
      ) : job.data === undefined ? (
        <Text size="sm" c="dimmed">
          {words.waitingToDecode}
        </Text>
      ) : (
        <JobProgress job={job.data} />
      )}
      {job.data !== undefined && (
        <Group justify="end">
          <JobActions job={job.data} />
        </Group>
      )}
    </>
  );
}

function VideoMenu({ video, onDeed }: Props) {
  const may = useMay(video.project_id);
  const { remove, restore } = useVideoMutations(video.project_id);
  const manages = may("manage");
  const ready = video.state === "ready";
  if ((video.deleted_at ?? null) !== null) {
    return manages ? (
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconRestore size={16} aria-hidden />}
        onClick={() => restore.mutate(video)}
      >
        {words.restore}
      </Button>
    ) : null;
  }
  if (!ready && !manages) return null;
  const item = (deed: VideoDeed, Icon: typeof IconDots, label: string) => (
    <Menu.Item leftSection={<Icon size={16} aria-hidden />} onClick={() => onDeed(deed)}>
      {label}
    </Menu.Item>
  );
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon aria-label={words.more(video.name)}>
          <IconDots size={18} stroke={1.5} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {ready && manages && item("sample", IconPhotoPlus, words.sample)}
        {ready && item("export", IconDownload, words.export)}
        {ready && manages && item("import", IconFileImport, words.import)}
        {manages && item("rename", IconPencil, words.rename)}
        {manages && (
          <Menu.Item c="red" leftSection={<IconTrash size={16} aria-hidden />} onClick={() => remove.mutate(video)}>
            {words.remove}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
