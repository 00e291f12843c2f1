import { Button, Group, SegmentedControl, Stack, Switch } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, call } from "../../api/client";
import { keys } from "../../api/keys";
import { urls } from "../../api/queries";
import type { Video } from "../../api/types";
import { exchange } from "../../strings/exchange";
import { video as words } from "../../strings/video";
import { Losses } from "../exchange/Losses";

type Format = "cvat" | "mot" | "coco";
const FORMATS: readonly Format[] = ["cvat", "mot", "coco"];

/** Takes the tracks away: what a format cannot hold is said before. */
export function ExportTracks({ video }: { video: Video }) {
  const [format, setFormat] = useState<Format>("cvat");
  const [pictures, setPictures] = useState(true);
  const losses = useQuery({
    queryKey: keys.videoLosses(video.id, format),
    staleTime: 0,
    queryFn: () =>
      call(
        api.GET("/api/v1/videos/{video_id}/export/losses", {
          params: { path: { video_id: video.id }, query: { format } },
        }),
      ),
  });
  return (
    <Stack>
      <SegmentedControl
        aria-label={exchange.format}
        fullWidth
        value={format}
        onChange={(value) => setFormat(FORMATS.find((one) => one === value) ?? "cvat")}
        data={FORMATS.map((value) => ({ value, label: words.formats[value] }))}
      />
      <Losses query={losses} none={words.noLosses} />
      <Switch
        label={words.withPictures}
        checked={pictures}
        onChange={(event) => setPictures(event.currentTarget.checked)}
      />
      <Group justify="end">
        <Button
          component="a"
          href={urls.tracks(video.id, format, pictures)}
          download
          leftSection={<IconDownload size={16} aria-hidden />}
        >
          {exchange.downloadZip}
        </Button>
      </Group>
    </Stack>
  );
}
