import { Button, Menu, Text, Title } from "@mantine/core";
import {
  IconChartPie,
  IconClipboardCheck,
  IconDots,
  IconDownload,
  IconFileImport,
  IconHistory,
  IconSparkles,
  IconTags,
  IconVideo,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { ImagesDialog } from "../../app/router";
import { common } from "../../strings/common";
import { images as words } from "../../strings/images";
import { proposals } from "../../strings/proposals";
import { LinkButton, LinkItem } from "../../components/links";
import { dataset } from "../../strings/dataset";
import { video } from "../../strings/video";
import { work } from "../../strings/work";
import { useReviewed } from "../workflow/useWork";
import css from "./images.module.css";

interface Props {
  projectId: string;
  manages: boolean;
  onShow: (dialog: ImagesDialog) => void;
  onAuto: () => void;
  /** The main action. */
  children: ReactNode;
}

const MORE = [
  { dialog: "classes", label: words.classes, icon: IconTags },
  { dialog: "versions", label: words.versions, icon: IconHistory },
  { dialog: "import", label: words.import, icon: IconFileImport },
  { dialog: "export", label: words.export, icon: IconDownload },
] as const;

/** The title of the library and what can be done with all of it; a phone has room for the first two. */
export function LibraryHead({ projectId, manages, onShow, onAuto, children }: Props) {
  const reviewed = useReviewed(projectId);
  const offered = MORE.filter(({ dialog }) => manages || dialog !== "import");
  return (
    <div className={css.head}>
      <Title order={1} mr="auto">
        {words.title}
      </Title>
      {manages && <HeadButton label={proposals.auto} icon={IconSparkles} onClick={onAuto} />}
      {offered.map(({ dialog, label, icon }) => (
        <HeadButton key={dialog} label={label} icon={icon} onClick={() => onShow(dialog)} visibleFrom="sm" />
      ))}
      <LinkButton
        to="/projects/$projectId/dataset"
        params={{ projectId }}
        variant="default"
        px={{ base: 8, sm: "sm" }}
        style={{ flex: "none" }}
        visibleFrom="sm"
        aria-label={dataset.title}
        title={dataset.intro}
      >
        <IconChartPie size={18} stroke={1.5} aria-hidden />
        <Text span visibleFrom="xl" ml={6} inherit>
          {dataset.title}
        </Text>
      </LinkButton>
      <LinkButton
        to="/projects/$projectId/videos"
        params={{ projectId }}
        variant="default"
        px={{ base: 8, sm: "sm" }}
        style={{ flex: "none" }}
        aria-label={video.toVideos}
        title={video.intro}
      >
        <IconVideo size={18} stroke={1.5} aria-hidden />
        <Text span visibleFrom="lg" ml={6} inherit>
          {video.toVideos}
        </Text>
      </LinkButton>
      {reviewed && (
        <LinkButton
          to="/projects/$projectId/work"
          params={{ projectId }}
          variant="default"
          px={{ base: 8, sm: "sm" }}
          style={{ flex: "none" }}
          aria-label={work.title}
          title={work.queue.intro}
        >
          <IconClipboardCheck size={18} stroke={1.5} aria-hidden />
          <Text span visibleFrom="lg" ml={6} inherit>
            {work.title}
          </Text>
        </LinkButton>
      )}
      <Menu>
        <Menu.Target>
          <Button variant="default" px={8} hiddenFrom="sm" style={{ flex: "none" }} aria-label={common.more}>
            <IconDots size={18} stroke={1.5} aria-hidden />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <LinkItem
            to="/projects/$projectId/dataset"
            params={{ projectId }}
            leftSection={<IconChartPie size={16} aria-hidden />}
          >
            {dataset.title}
          </LinkItem>
          {offered.map(({ dialog, label, icon: Icon }) => (
            <Menu.Item key={dialog} leftSection={<Icon size={16} aria-hidden />} onClick={() => onShow(dialog)}>
              {label}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {children}
    </div>
  );
}

interface HeadButtonProps {
  label: string;
  icon: typeof IconTags;
  onClick: () => void;
  visibleFrom?: "sm";
}

function HeadButton({ label, icon: Icon, onClick, ...rest }: HeadButtonProps) {
  return (
    <Button
      {...rest}
      variant="default"
      px={{ base: 8, sm: "sm" }}
      style={{ flex: "none" }}
      aria-label={label}
      title={label}
      onClick={onClick}
    >
      <Icon size={18} stroke={1.5} aria-hidden />
      <Text span visibleFrom="lg" ml={6} inherit>
        {label}
      </Text>
    </Button>
  );
}
