/** Where the open image lies, if that is elsewhere, and a button that copies it in. */
import { Button, Text, Tooltip } from "@mantine/core";
import { IconCloudDown } from "@tabler/icons-react";

import type { Image } from "../../api/types";
import { useMay } from "../../features/people/useMay";
import { useAddresses, useCopyIn } from "../../features/originals/useOriginals";
import { originals as words } from "../../strings/originals";
import own from "./metadata.module.css";

export function OriginalRow({ image }: { readonly image: Image }) {
  const address = useAddresses(image.project_id, [image.id]).get(image.id);
  const may = useMay(image.project_id)("manage");
  const { copy, pending } = useCopyIn(image.project_id);
  if (address === undefined) return null;
  const said = words.away(address);
  return (
    <section className={own.original} aria-label={words.title}>
      <IconCloudDown size={16} aria-hidden />
      <Tooltip label={said} multiline maw={420} style={{ overflowWrap: "anywhere" }}>
        <Text size="sm" truncate flex={1} tabIndex={0} aria-label={said}>
          {words.awayShort}
        </Text>
      </Tooltip>
      {may && (
        <Button
          size="compact-sm"
          variant="default"
          title={words.copyInHint}
          loading={pending}
          onClick={() => copy([image.id], 1)}
        >
          {words.copyIn}
        </Button>
      )}
    </section>
  );
}
