import { Center, Loader } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import type { Image } from "../../api/types";
import { images as words } from "../../strings/images";
import { ImageGrid } from "./ImageGrid";
import { listOf } from "./listing";
import { deselect, NOTHING } from "./selection";
import { SelectionBar } from "./SelectionBar";
import { idsOf, useBulk } from "./useImages";
import { markAll } from "./useMarking";
import { useSelection } from "./useSelection";
import { useMay } from "../people/useMay";
import css from "./images.module.css";

interface Props {
  projectId: string;
  images: readonly Image[];
  /** Names the list. */
  place: string;
  /** How alike each image is, in words; by its id. */
  notes?: ReadonlyMap<string, string>;
  onSimilar?: (image: Image) => void;
  hasMore?: boolean;
  loadingMore?: boolean;
  onMore?: () => void;
}

/** Images of another page as the library shows them, with all that can be done with selected ones. */
export function Listed({
  projectId,
  images,
  place,
  notes,
  onSimilar,
  hasMore = false,
  loadingMore = false,
  onMore,
}: Props) {
  const navigate = useNavigate();
  const may = useMay(projectId);
  const bulk = useBulk(projectId);
  const [selection, select] = useSelection(place);
  const chosen = images.filter((image) => selection.ids.has(image.id));
  const listing = { ...listOf(images, hasMore && !loadingMore, onMore), more: hasMore };
  const done = () => select((now) => deselect(now, idsOf(chosen)));
  return (
    <div className={css.listed}>
      {chosen.length > 0 && (
        <SelectionBar
          projectId={projectId}
          images={chosen}
          listing={listing}
          trash={false}
          bulk={bulk}
          onAll={() => markAll(listing, select)}
          onAuto={() =>
            void navigate({ to: "/projects/$projectId/images", params: { projectId }, search: { dialog: "auto" } })
          }
          onClear={() => select(NOTHING)}
          onDone={done}
        />
      )}
      <ImageGrid
        listing={listing}
        people={null}
        place={place}
        notes={notes}
        selection={selection}
        onSelect={select}
        onOpen={(image) =>
          void navigate({
            to: "/projects/$projectId/annotate/$imageId",
            params: { projectId, imageId: image.id },
            search: {},
          })
        }
        onSimilar={onSimilar}
        onDelete={() => {
          if (may("manage") && chosen.length > 0) bulk.trash.mutate(chosen, { onSuccess: done });
        }}
        foot={
          loadingMore && (
            <Center p="md">
              <Loader size="sm" role="img" aria-label={words.loadingMore} />
            </Center>
          )
        }
      />
    </div>
  );
}
