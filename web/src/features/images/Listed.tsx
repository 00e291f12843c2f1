import { useNavigate } from "@tanstack/react-router";
import type { Image } from "../../api/types";
import { ImageGrid } from "./ImageGrid";
import { deselect, NOTHING, selectAll } from "./selection";
import { SelectionBar } from "./SelectionBar";
import { idsOf, useBulk } from "./useImages";
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
  onMore = nothing,
}: Props) {
  const navigate = useNavigate();
  const may = useMay(projectId);
  const bulk = useBulk(projectId);
  const [selection, select] = useSelection(place);
  const chosen = images.filter((image) => selection.ids.has(image.id));
  const done = () => select((now) => deselect(now, idsOf(chosen)));
  return (
    <div className={css.listed}>
      {chosen.length > 0 && (
        <SelectionBar
          projectId={projectId}
          images={chosen}
          loaded={images.length}
          trash={false}
          bulk={bulk}
          onAll={() => select(selectAll(idsOf(images)))}
          onAuto={() =>
            void navigate({ to: "/projects/$projectId/images", params: { projectId }, search: { dialog: "auto" } })
          }
          onClear={() => select(NOTHING)}
          onDone={done}
        />
      )}
      <ImageGrid
        images={images}
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
        hasMore={hasMore}
        loadingMore={loadingMore}
        onMore={onMore}
      />
    </div>
  );
}

const nothing = (): void => undefined;
