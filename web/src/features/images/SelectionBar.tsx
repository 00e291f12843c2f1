import { Button, CloseButton, Menu, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import {
  IconArrowRight,
  IconListDetails,
  IconPhotoSearch,
  IconPhotoStar,
  IconRestore,
  IconTags,
  IconTransform,
  IconTrash,
  IconUserCheck,
} from "@tabler/icons-react";
import type { Image, Split } from "../../api/types";
import { Confirm } from "../../components/Confirm";
import { LinkButton } from "../../components/links";
import { notifyDone } from "../../components/notify";
import { count, plural } from "../../lib/format";
import { common } from "../../strings/common";
import { classChanges } from "../../strings/classChanges";
import { images as words } from "../../strings/images";
import { map } from "../../strings/map";
import { metadata } from "../../strings/metadata";
import { tags } from "../../strings/tags";
import { work } from "../../strings/work";
import { Relabel } from "../classes/Relabel";
import { useMay } from "../people/useMay";
import { MetadataDialog } from "../metadata/MetadataDialog";
import { CopyInButton } from "../originals/CopyInButton";
import { AnnotateMenu } from "../proposals/AnnotateMenu";
import { useUpdateProject } from "../projects/mutations";
import { TagDialog } from "../tags/TagDialog";
import { AssignDialog } from "../workflow/AssignDialog";
import { useReviewed } from "../workflow/useWork";
import type { Listing } from "./listing";
import type { useBulk } from "./useImages";
import css from "./images.module.css";

interface Props {
  projectId: string;
  images: readonly Image[];
  /** All that there are to select. */
  listing: Listing;
  trash: boolean;
  bulk: ReturnType<typeof useBulk>;
  onAll: () => void;
  onAuto: () => void;
  /** Let go of the selection. */
  onClear: () => void;
  /** Let go of what was acted on. */
  onDone: () => void;
}

const SPLITS: readonly Split[] = ["train", "val", "test", "none"];

/** What can be done with the selected images; in the place of the filters while something is selected. */
export function SelectionBar(props: Props) {
  const { projectId, images, listing, trash, onAll, onClear, onDone } = props;
  const may = useMay(projectId);
  const reviewed = useReviewed(projectId);
  const [isTagging, tagging] = useDisclosure(false);
  const [isDescribing, describing] = useDisclosure(false);
  const [isRelabelling, relabelling] = useDisclosure(false);
  const [isAssigning, assigning] = useDisclosure(false);
  return (
    <div className={css.bar} role="toolbar" aria-label={words.selected(count(images.length))}>
      <CloseButton aria-label={words.clearSelection} onClick={onClear} />
      <Text fw={600} role="status">
        {words.selected(count(images.length))}
      </Text>
      {images.length < Math.min(listing.length, listing.atOnce) && (
        <Button variant="subtle" size="compact-sm" onClick={onAll}>
          {allOf(listing)}
        </Button>
      )}
      <span style={{ flex: 1 }} />
      {may.why("manage") !== undefined && (
        <Text size="sm" c="dimmed">
          {may.why("manage")}
        </Text>
      )}
      <SimilarLink {...props} />
      {!trash && may("annotate") && (
        <AnnotateMenu projectId={projectId} images={images} onAuto={props.onAuto} onDone={onDone} />
      )}
      {!trash && may("annotate") && (
        <>
          <Button variant="default" leftSection={<IconTags size={16} aria-hidden />} onClick={tagging.open}>
            {tags.action}
          </Button>
          <TagDialog projectId={projectId} images={images} opened={isTagging} onClose={tagging.close} onDone={onDone} />
          <Button variant="default" leftSection={<IconListDetails size={16} aria-hidden />} onClick={describing.open}>
            {metadata.action}
          </Button>
          <MetadataDialog
            projectId={projectId}
            images={images}
            opened={isDescribing}
            onClose={describing.close}
            onDone={onDone}
          />
        </>
      )}
      {!trash && may("manage") && (
        <>
          <Button variant="default" leftSection={<IconTransform size={16} aria-hidden />} onClick={relabelling.open}>
            {classChanges.relabel}
          </Button>
          {isRelabelling && (
            <Relabel projectId={projectId} images={images} onClose={relabelling.close} onDone={onDone} />
          )}
        </>
      )}
      {!trash && may("manage") && reviewed && (
        <>
          <Button variant="default" leftSection={<IconUserCheck size={16} aria-hidden />} onClick={assigning.open}>
            {work.assign.action}
          </Button>
          <AssignDialog
            projectId={projectId}
            images={images}
            opened={isAssigning}
            onClose={assigning.close}
            onDone={onDone}
          />
        </>
      )}
      {may("manage") && (trash ? <TrashActions {...props} /> : <LibraryActions {...props} />)}
    </div>
  );
}

function allOf({ length, more, atOnce }: Listing): string {
  if (length > atOnce) return words.selectFirst(count(atOnce));
  return more ? words.selectLoaded(count(length)) : words.selectAll(count(length));
}

/** To the images that look like the one that is selected. */
function SimilarLink({ projectId, images, trash }: Props) {
  const only = images.length === 1 ? images[0] : undefined;
  if (only === undefined || trash) return null;
  return (
    <LinkButton
      to="/projects/$projectId/dataset"
      params={{ projectId }}
      search={{ view: "map", similar: only.id }}
      variant="default"
      leftSection={<IconPhotoSearch size={16} aria-hidden />}
      title={map.similarHint}
    >
      {map.similar}
    </LinkButton>
  );
}

function LibraryActions({ projectId, images, bulk, onDone }: Props) {
  const update = useUpdateProject(projectId);
  const only = images.length === 1 ? images[0] : undefined;
  const cover = (image: Image) =>
    update.mutate({ cover_image_id: image.id }, { onSuccess: () => notifyDone(words.coverDone) });
  return (
    <>
      <CopyInButton projectId={projectId} images={images} onDone={onDone} />
      {only !== undefined && (
        <Button
          variant="default"
          leftSection={<IconPhotoStar size={16} aria-hidden />}
          onClick={() => cover(only)}
          visibleFrom="sm"
        >
          {words.useAsCover}
        </Button>
      )}
      <Menu>
        <Menu.Target>
          <Button
            variant="default"
            leftSection={<IconArrowRight size={16} aria-hidden />}
            loading={bulk.move.isPending}
          >
            {words.moveTo}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {SPLITS.map((split) => (
            <Menu.Item key={split} onClick={() => bulk.move.mutate({ images, split }, { onSuccess: onDone })}>
              {common.split[split]}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Button
        variant="default"
        leftSection={<IconTrash size={16} aria-hidden />}
        loading={bulk.trash.isPending}
        onClick={() => bulk.trash.mutate(images, { onSuccess: onDone })}
      >
        {words.toTrash}
      </Button>
    </>
  );
}

function TrashActions({ images, bulk, onDone }: Props) {
  const [asking, ask] = useDisclosure(false);
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconRestore size={16} aria-hidden />}
        loading={bulk.restore.isPending}
        onClick={() => bulk.restore.mutate(images, { onSuccess: onDone })}
      >
        {common.restore}
      </Button>
      <Button color="red" variant="light" leftSection={<IconTrash size={16} aria-hidden />} onClick={ask.open}>
        {words.deleteForever}
      </Button>
      <Confirm
        opened={asking}
        title={words.deleteForeverTitle}
        body={words.deleteForeverBody(plural(images.length, "image"))}
        action={words.deleteForever}
        busy={bulk.remove.isPending}
        onClose={ask.close}
        onConfirm={() =>
          bulk.remove.mutate(images, {
            onSuccess: () => {
              ask.close();
              onDone();
            },
          })
        }
      />
    </>
  );
}
