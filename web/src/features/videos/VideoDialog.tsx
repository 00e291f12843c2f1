import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import type { Video } from "../../api/types";
import { common } from "../../strings/common";
import { video as words } from "../../strings/video";
import { ExportTracks } from "./ExportTracks";
import { ImportTracks } from "./ImportTracks";
import { useVideoMutations } from "./mutations";
import { SampleFrames } from "./SampleFrames";

export type VideoDeed = "rename" | "sample" | "export" | "import";

interface Props {
  chosen: { readonly video: Video; readonly deed: VideoDeed } | null;
  projectId: string;
  onClose: () => void;
}

const TITLES: Readonly<Record<VideoDeed, string>> = {
  rename: words.rename,
  sample: words.sample,
  export: words.export,
  import: words.import,
};

/** What is done with one video, each in a dialog of its own. */
export function VideoDialog({ chosen, projectId, onClose }: Props) {
  const deed = chosen?.deed ?? "rename";
  return (
    <Modal opened={chosen !== null} onClose={onClose} title={TITLES[deed]} size={deed === "rename" ? "sm" : "lg"}>
      {chosen !== null && <Content {...chosen} projectId={projectId} onClose={onClose} />}
    </Modal>
  );
}

interface ContentProps {
  video: Video;
  deed: VideoDeed;
  projectId: string;
  onClose: () => void;
}

function Content({ video, deed, projectId, onClose }: ContentProps) {
  if (deed === "rename") return <Rename video={video} projectId={projectId} onClose={onClose} />;
  if (deed === "sample") return <SampleFrames video={video} />;
  if (deed === "export") return <ExportTracks video={video} />;
  return <ImportTracks video={video} onClose={onClose} />;
}

function Rename({ video, projectId, onClose }: Omit<ContentProps, "deed">) {
  const [name, setName] = useState(video.name);
  const { rename } = useVideoMutations(projectId);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        rename.mutate({ id: video.id, name: name.trim() }, { onSuccess: onClose });
      }}
    >
      <Stack>
        <TextInput
          label={words.newName}
          value={name}
          maxLength={200}
          data-autofocus
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Group justify="end">
          <Button type="submit" loading={rename.isPending} disabled={name.trim() === ""}>
            {common.save}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
