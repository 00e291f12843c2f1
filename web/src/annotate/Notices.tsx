/** What a person has to know or decide, above the picture. */
import { Alert, Button, Group, Loader, Text } from "@mantine/core";
import { IconAlertTriangle, IconGitMerge, IconPhotoOff } from "@tabler/icons-react";
import type { ComponentType, ReactNode } from "react";

import { ErrorBox } from "../components/ErrorBox";
import type { Item } from "../canvas";
import { annotate as text } from "../strings/annotate";
import { common } from "../strings/common";
import css from "./annotate.module.css";
import { Refused } from "./sync/failures";
import type { SyncQueue } from "./sync/queue";
import { useSaveStatus } from "./useEditor";

interface Failing {
  readonly isPending: boolean;
  readonly isError: boolean;
  readonly error: unknown;
  readonly refetch: () => unknown;
}

interface Props<T extends Item> {
  readonly opened: Failing;
  readonly pixels: Failing;
  /** What the picture can be shown without: the classes, the way to the other images. */
  readonly around: readonly Failing[];
  readonly queue: SyncQueue<T> | undefined;
  readonly onChoose: () => void;
  /** What is open, where it is no image. */
  readonly words?: Readonly<Record<"image" | "around", string>>;
}

/** What the server says about a picture, in words. */
const reasonOf = (error: unknown): string | undefined =>
  error instanceof Refused && /\s/.test(error.message) ? error.message : undefined;

export function Notices<T extends Item>({ opened, pixels, around, queue, onChoose, words }: Props<T>) {
  const status = useSaveStatus(queue);
  const told = { ...text.errors, ...words };
  const missing = around.filter((query) => query.isError);
  return (
    <div className={css.notice}>
      {(opened.isPending || pixels.isPending) && <Loader size="sm" role="img" aria-label={common.loading} />}
      {opened.isError && <ErrorBox title={told.image} error={opened.error} onRetry={opened.refetch} />}
      {pixels.isError && !opened.isError && (
        <Notice icon={IconPhotoOff} color="red" button={text.errors.retry} onClick={pixels.refetch}>
          {reasonOf(pixels.error) ?? text.errors.pixels}
        </Notice>
      )}
      {missing.length > 0 && !opened.isError && (
        <Notice
          icon={IconAlertTriangle}
          color="red"
          button={text.errors.retry}
          onClick={() => missing.map((query) => query.refetch())}
        >
          {told.around}
        </Notice>
      )}
      {status.state === "conflict" && (
        <Notice icon={IconGitMerge} color="orange" button={text.conflict.choose} onClick={onChoose}>
          {text.conflict.notice(status.clashes.length)}
        </Notice>
      )}
      {status.state === "refused" && (
        <Notice icon={IconAlertTriangle} color="red">{`${text.saveHint.refused} ${status.message}`}</Notice>
      )}
    </div>
  );
}

interface NoticeProps {
  readonly icon: ComponentType<{ size?: number }>;
  readonly color: string;
  readonly button?: string;
  readonly onClick?: () => unknown;
  readonly children: ReactNode;
}

function Notice({ icon: Icon, color, button, onClick, children }: NoticeProps) {
  return (
    <Alert variant="outline" color={color} bg="var(--raised)" role="alert" icon={<Icon size={20} />} py={8} mb={8}>
      <Group wrap="nowrap" gap="md">
        <Text size="sm">{children}</Text>
        {button !== undefined && (
          <Button size="compact-sm" variant="light" color={color} style={{ flex: "none" }} onClick={() => onClick?.()}>
            {button}
          </Button>
        )}
      </Group>
    </Alert>
  );
}
