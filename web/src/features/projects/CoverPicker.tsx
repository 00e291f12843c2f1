import { Image, Modal, SimpleGrid, Text, UnstyledButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { api, call } from "../../api/client";
import { keys } from "../../api/keys";
import { urls } from "../../api/queries";
import type { Project } from "../../api/types";
import { Loaded } from "../../components/Loaded";
import { notifyDone } from "../../components/notify";
import { projects as words } from "../../strings/projects";
import { useUpdateProject } from "./mutations";

interface Props {
  project: Project;
  opened: boolean;
  onClose: () => void;
}

/** Choose the cover among the project's first images; any other can be chosen in the library. */
export function CoverPicker({ project, opened, onClose }: Props) {
  const update = useUpdateProject(project.id);
  const images = useQuery({
    queryKey: keys.images(project.id, { cover: true }),
    enabled: opened,
    queryFn: () =>
      call(
        api.GET("/api/v1/projects/{project_id}/images", {
          params: { path: { project_id: project.id }, query: { limit: 60, order: "newest" } },
        }),
      ),
  });
  const choose = (id: string) =>
    update.mutate(
      { cover_image_id: id },
      {
        onSuccess: () => {
          notifyDone(words.coverDone);
          onClose();
        },
      },
    );
  return (
    <Modal opened={opened} onClose={onClose} title={words.coverTitle} size="lg">
      <Loaded query={images}>
        {(page) =>
          page.items.length === 0 ? (
            <Text c="dimmed">{words.coverEmpty}</Text>
          ) : (
            <SimpleGrid cols={{ base: 3, sm: 5 }} spacing="sm">
              {page.items.map((image) => (
                <UnstyledButton
                  key={image.id}
                  aria-label={words.coverUse(image.name)}
                  aria-pressed={image.id === project.cover_image_id}
                  onClick={() => choose(image.id)}
                >
                  <Image
                    src={urls.thumbnail(image.id, 160)}
                    alt=""
                    h={96}
                    radius="sm"
                    fit="cover"
                    bg="var(--bw-sunken)"
                  />
                </UnstyledButton>
              ))}
            </SimpleGrid>
          )
        }
      </Loaded>
    </Modal>
  );
}
