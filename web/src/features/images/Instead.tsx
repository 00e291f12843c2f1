import { Button, SimpleGrid, Skeleton } from "@mantine/core";
import { IconFileImport, IconPhotoOff, IconPhotoPlus } from "@tabler/icons-react";
import { Empty } from "../../components/Empty";
import { ErrorBox } from "../../components/ErrorBox";
import { Busy } from "../../components/Loaded";
import type { Picked } from "../../lib/files";
import { common } from "../../strings/common";
import { images as words } from "../../strings/images";
import { proposals } from "../../strings/proposals";
import { Arriving } from "../jobs/Arriving";
import { useMay } from "../people/useMay";
import { isNarrowed, widened, type ImageFilter } from "./filter";
import { Searching } from "./Searching";
import { UploadButton } from "./UploadButton";
import type { Library } from "./useLibrary";
import css from "./images.module.css";

interface NoImagesProps {
  projectId: string;
  filter: ImageFilter;
  onFilter: (next: ImageFilter) => void;
  onFiles: (files: Picked[]) => void;
  onImport: () => void;
}

/** What stands in the place of the images while there are none to show, or above them where some could not be fetched. */
export function Instead({ library, ...none }: NoImagesProps & { library: Library }) {
  const { shows, error, retry } = library;
  return (
    <>
      {shows === "wait" && <GridSkeleton />}
      {shows === "search" && <Searching onClear={() => none.onFilter(widened(none.filter))} />}
      {shows === "none" && (
        <div className={css.scroll}>
          <NoImages {...none} />
        </div>
      )}
      {error !== null && (
        <div className={shows === "error" ? css.scroll : css.hint}>
          <ErrorBox error={error} onRetry={retry} />
        </div>
      )}
    </>
  );
}

function NoImages({ projectId, filter, onFilter, onFiles, onImport }: NoImagesProps) {
  const may = useMay(projectId);
  if (isNarrowed(filter)) {
    const all = widened(filter);
    return (
      <Empty
        icon={IconPhotoOff}
        title={filter.state === "proposals" ? proposals.nothingToReview : words.nothingFound}
        action={
          <Button variant="default" onClick={() => onFilter(all)}>
            {words.clearFilters}
          </Button>
        }
      />
    );
  }
  if (filter.trash === true) {
    return (
      <Empty icon={IconPhotoOff} title={words.emptyTrashTitle}>
        {words.emptyTrashBody}
      </Empty>
    );
  }
  const actions = (
    <>
      <UploadButton onFiles={onFiles} hint={words.uploadInto(common.split[filter.split ?? "none"])} />
      <Button variant="default" leftSection={<IconFileImport size={16} aria-hidden />} onClick={onImport}>
        {words.emptyImport}
      </Button>
    </>
  );
  return (
    <Empty
      icon={IconPhotoPlus}
      title={filter.split === undefined ? words.emptyTitle : words.emptySplit(common.split[filter.split])}
      action={may("manage") ? actions : undefined}
    >
      <Arriving projectId={projectId}>
        {may.why("manage") !== undefined
          ? words.emptyForOthers
          : filter.split === undefined
            ? words.emptyBody
            : words.emptySplitBody}
      </Arriving>
    </Empty>
  );
}

function GridSkeleton() {
  return (
    <div className={css.scroll}>
      <Busy>
        <SimpleGrid cols={{ base: 2, sm: 4, lg: 7 }} spacing="sm">
          {Array.from({ length: 14 }, (_, key) => (
            <Skeleton key={key} height={168} radius="md" />
          ))}
        </SimpleGrid>
      </Busy>
    </div>
  );
}
