import { Tooltip } from "@mantine/core";
import { IconCloudDown } from "@tabler/icons-react";
import { originals as words } from "../../strings/originals";
import { useAway } from "./useOriginals";

/** Marks an image that lies elsewhere; its tooltip tells where. */
export function AwayMark({ imageId, className }: { imageId: string; className?: string | undefined }) {
  const address = useAway(imageId);
  if (address === undefined) return null;
  const said = words.away(address);
  return (
    <Tooltip label={said} multiline maw={420} style={{ overflowWrap: "anywhere" }}>
      <span className={className} role="img" aria-label={said} title="">
        <IconCloudDown size={14} aria-hidden />
      </span>
    </Tooltip>
  );
}
