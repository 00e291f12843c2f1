import { Alert, Button, Checkbox, Group, NumberInput, SegmentedControl, Select, Stack, TextInput } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api, call } from "../../api/client";
import type { Split, Video } from "../../api/types";
import { LinkButton } from "../../components/links";
import { common } from "../../strings/common";
import { video as words } from "../../strings/video";
import { framesOf } from "./frames";

const { sampling } = words;

/** Makes images of frames, with what the tracks show in them: every so many, or those that are named. */
export function SampleFrames({ video }: { video: Video }) {
  const [way, setWay] = useState<"every" | "frames">("every");
  const [every, setEvery] = useState(10);
  const [typed, setTyped] = useState("");
  const [split, setSplit] = useState<Split>("none");
  const [annotatedOnly, setAnnotatedOnly] = useState(false);
  const named = framesOf(typed, video.frames);
  const many = way === "every" ? Math.ceil(video.frames / every) : (named?.length ?? 0);
  const sample = useMutation({
    mutationFn: () =>
      call(
        api.POST("/api/v1/videos/{video_id}/sample", {
          params: { path: { video_id: video.id } },
          body: {
            every: way === "every" ? every : null,
            frames: way === "frames" ? named : null,
            split,
            annotated_only: annotatedOnly,
          },
        }),
      ),
  });
  if (sample.data !== undefined) {
    const text = "images" in sample.data ? sampling.made(sample.data.images) : sampling.started;
    return (
      <Stack>
        <Alert color="green" icon={<IconCheck aria-hidden />} title={text} role="status" />
        <Group justify="end">
          <LinkButton to="/projects/$projectId/images" params={{ projectId: video.project_id }}>
            {words.toImages}
          </LinkButton>
        </Group>
      </Stack>
    );
  }
  return (
    <Stack>
      <SegmentedControl
        aria-label={sampling.way}
        data={[
          { value: "every", label: sampling.everyWay },
          { value: "frames", label: sampling.namedWay },
        ]}
        value={way}
        onChange={(value) => setWay(value === "frames" ? "frames" : "every")}
      />
      {way === "every" ? (
        <NumberInput
          label={sampling.every}
          min={1}
          max={video.frames}
          allowDecimal={false}
          value={every}
          onChange={(value) => setEvery(Math.max(1, Number(value) || 1))}
        />
      ) : (
        <TextInput
          label={sampling.frames}
          description={sampling.framesHint(video.frames - 1)}
          value={typed}
          error={typed !== "" && named === null ? sampling.framesWrong(video.frames - 1) : undefined}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      )}
      <Select
        label={sampling.split}
        data={(["train", "val", "test", "none"] as const).map((value) => ({ value, label: common.split[value] }))}
        allowDeselect={false}
        value={split}
        onChange={(value) => value !== null && setSplit(value)}
      />
      <Checkbox
        label={sampling.annotatedOnly}
        checked={annotatedOnly}
        onChange={(event) => setAnnotatedOnly(event.currentTarget.checked)}
      />
      <Group justify="end">
        <Button loading={sample.isPending} disabled={many === 0} onClick={() => sample.mutate()}>
          {annotatedOnly ? sampling.startSome : sampling.start(many)}
        </Button>
      </Group>
    </Stack>
  );
}
