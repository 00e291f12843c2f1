import { Button } from "@mantine/core";
import { IconCloudDown } from "@tabler/icons-react";
import type { Image } from "../../api/types";
import { count } from "../../lib/format";
import { originals as words } from "../../strings/originals";
import { useAddresses, useCopyIn } from "./useOriginals";

interface Props {
  projectId: string;
  images: readonly Image[];
  onDone: () => void;
}

/** Copies those of the selected images in that lie elsewhere; not there where none does. */
export function CopyInButton({ projectId, images, onDone }: Props) {
  const away = useAddresses(
    projectId,
    images.map(({ id }) => id),
  );
  const { copy, pending } = useCopyIn(projectId);
  const ids = images.filter(({ id }) => away.has(id)).map(({ id }) => id);
  if (ids.length === 0) return null;
  return (
    <Button
      variant="default"
      leftSection={<IconCloudDown size={16} aria-hidden />}
      title={words.copyInHint}
      loading={pending}
      onClick={() => copy(ids, ids.length, onDone)}
    >
      {ids.length === 1 ? words.copyIn : words.copySome(count(ids.length))}
    </Button>
  );
}
