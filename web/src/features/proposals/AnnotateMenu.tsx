import { Button, Menu } from "@mantine/core";
import { IconCheck, IconChevronDown, IconEyeOff, IconSparkles, IconSquareOff, IconX } from "@tabler/icons-react";
import type { Image } from "../../api/types";
import { proposals as words } from "../../strings/proposals";
import { useMay } from "../people/useMay";
import { useMark, useReview } from "./useProposals";

interface Props {
  projectId: string;
  images: readonly Image[];
  onAuto: () => void;
  onDone: () => void;
}

/** What can be said about the annotations of the selected images. */
export function AnnotateMenu({ projectId, images, onAuto, onDone }: Props) {
  const review = useReview(projectId);
  const mark = useMark(projectId);
  const image_ids = images.map((image) => image.id);
  const may = useMay(projectId);
  const single = images.length === 1;
  const proposed = images.some((image) => image.proposals > 0);
  const judge = (action: "accept" | "reject") => review.mutate({ action, image_ids }, { onSuccess: onDone });
  const say = (action: "empty" | "unlabeled") => mark.mutate({ images, action }, { onSuccess: onDone });
  return (
    <Menu>
      <Menu.Target>
        <Button
          variant="default"
          leftSection={<IconSparkles size={16} aria-hidden />}
          rightSection={<IconChevronDown size={14} aria-hidden />}
          loading={review.isPending || mark.isPending}
        >
          {words.annotate}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {(may("manage") || single) && (
          <Menu.Item leftSection={<IconSparkles size={16} aria-hidden />} onClick={onAuto}>
            {words.auto}
          </Menu.Item>
        )}
        {proposed && (may("review") || single) && (
          <>
            <Menu.Divider />
            <Menu.Item leftSection={<IconCheck size={16} aria-hidden />} onClick={() => judge("accept")}>
              {words.accept}
            </Menu.Item>
            <Menu.Item leftSection={<IconX size={16} aria-hidden />} onClick={() => judge("reject")}>
              {words.reject}
            </Menu.Item>
          </>
        )}
        <Menu.Divider />
        <Menu.Item leftSection={<IconSquareOff size={16} aria-hidden />} onClick={() => say("empty")}>
          {words.noObjects}
        </Menu.Item>
        {images.some((image) => image.state === "empty") && (
          <Menu.Item leftSection={<IconEyeOff size={16} aria-hidden />} onClick={() => say("unlabeled")}>
            {words.takeBack}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
