import { Button, Menu, Text, Title } from "@mantine/core";
import {
  IconChartBar,
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
import { statistics } from "../../strings/statistics";
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

const PAGES = [
  {
    to: "/projects/$projectId/statistics",
    label: statistics.title,
    hint: statistics.intro,
    icon: IconChartBar,
    wordsFrom: "xl",
  },
  {
    to: "/projects/$projectId/dataset",
    label: dataset.title,
    hint: dataset.intro,
    icon: IconChartPie,
    wordsFrom: "xl",
  },
] as const;
const VIDEOS = {
  to: "/projects/$projectId/videos",
  label: video.toVideos,
  hint: video.intro,
  icon: IconVideo,
  wordsFrom: "lg",
} as const;
const WORK = {
  to: "/projects/$projectId/work",
  label: work.title,
  hint: work.queue.intro,
  icon: IconClipboardCheck,
  wordsFrom: "lg",
} as const;

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
      {PAGES.map((page) => (
        <HeadLink key={page.to} {...page} projectId={projectId} visibleFrom="sm" />
      ))}
      <HeadLink {...VIDEOS} projectId={projectId} />
      {reviewed && <HeadLink {...WORK} projectId={projectId} />}
      <Menu>
        <Menu.Target>
          <Button variant="default" px={8} hiddenFrom="sm" style={{ flex: "none" }} aria-label={common.more}>
            <IconDots size={18} stroke={1.5} aria-hidden />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {PAGES.map(({ to, label, icon: Icon }) => (
            <LinkItem key={to} to={to} params={{ projectId }} leftSection={<Icon size={16} aria-hidden />}>
              {label}
            </LinkItem>
          ))}
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

interface HeadLinkProps {
  to: (typeof PAGES)[number]["to"] | (typeof VIDEOS | typeof WORK)["to"];
  projectId: string;
  label: string;
  hint: string;
  icon: typeof IconTags;
  /** How wide the window is when the words are beside the icon. */
  wordsFrom: "lg" | "xl";
  visibleFrom?: "sm";
}

function HeadLink({ to, projectId, label, hint, icon: Icon, wordsFrom, ...rest }: HeadLinkProps) {
  return (
    <LinkButton
      {...rest}
      to={to}
      params={{ projectId }}
      variant="default"
      px={{ base: 8, sm: "sm" }}
      style={{ flex: "none" }}
      aria-label={label}
      title={hint}
    >
      <Icon size={18} stroke={1.5} aria-hidden />
      <Text span visibleFrom={wordsFrom} ml={6} inherit>
        {label}
      </Text>
    </LinkButton>
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
