import { Text, Title } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState, type ComponentProps } from "react";
import { countsQuery } from "../../api/queries";
import type { Image } from "../../api/types";
import type { ImagesDialog } from "../../app/router";
import { useTitle } from "../../components/Page";
import { useFileDrop } from "../../components/useFileDrop";
import type { Picked } from "../../lib/files";
import { common } from "../../strings/common";
import { images as words } from "../../strings/images";
import { ClassesDrawer } from "../classes/ClassesDrawer";
import { ExportDialog } from "../exchange/ExportDialog";
import { ImportDialog } from "../exchange/ImportDialog";
import { VersionsDrawer } from "../exchange/VersionsDrawer";
import { useMay } from "../people/useMay";
import { isVideoFile, videoUploads } from "../videos/uploads";
import { AutoAnnotate } from "../proposals/AutoAnnotate";
import { ReviewBar } from "../proposals/ReviewBar";
import { ImageTable } from "../table/ImageTable";
import { AwayProvider, useAddresses } from "../originals/useOriginals";
import { TableToggle } from "../table/TableToggle";
import { useTable } from "../table/useTable";
import { usePeople, useReviewed } from "../workflow/useWork";
import { asked, parseFilter, withFilter, type ImageFilter } from "./filter";
import { ImageGrid } from "./ImageGrid";
import { Instead } from "./Instead";
import { FilterBar, SplitTabs } from "./LibraryBars";
import { LibraryHead } from "./LibraryHead";
import { isArchive, libraryUploads, refuseNonPicture } from "./libraryUploads";
import { deselect, NOTHING } from "./selection";
import { SearchFoot } from "./Searching";
import { SelectionBar } from "./SelectionBar";
import { UploadButton } from "./UploadButton";
import { idsOf, useBulk } from "./useImages";
import { useChosen, useLibrary } from "./useLibrary";
import { markAll } from "./useMarking";
import { useSelection } from "./useSelection";
import css from "./images.module.css";

const route = getRouteApi("/projects/$projectId/images");

/** What is to be shown, or how that comes of what the address says by then. */
type Next = ImageFilter | ((now: ImageFilter) => ImageFilter);

/** The library of a project. */
export function ImagesPage() {
  const { projectId } = route.useParams();
  const { dialog, ...search } = route.useSearch();
  const navigate = route.useNavigate();
  const filter = parseFilter(search);
  const [archive, setArchive] = useState<File | null>(null);
  const [version, setVersion] = useState<string>();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  useTitle(words.title);
  const counts = useQuery({ ...countsQuery(projectId), placeholderData: keepPreviousData });
  const setFilter = (next: Next) =>
    void navigate({
      search: ({ dialog: shown, ...now }) => ({
        ...(typeof next === "function" ? next(parseFilter(now)) : next),
        ...(shown === undefined ? {} : { dialog: shown }),
      }),
      replace: true,
    });
  const show = (name: ImagesDialog) => void navigate({ search: { ...filter, dialog: name } });
  const auto = (ids: readonly string[]) => {
    setChosen(ids);
    show("auto");
  };
  const close = () => {
    setArchive(null);
    setVersion(undefined);
    void navigate({ search: filter });
  };
  const add = (files: Picked[]) => {
    const films = files.map(({ file }) => file).filter(isVideoFile);
    if (films.length > 0) {
      videoUploads.add(projectId, films);
      void navigate({ to: "/projects/$projectId/videos", params: { projectId } });
    }
    const others = files.filter(({ file }) => !isVideoFile(file));
    if (others.length === 0) return;
    const packed = others.find(isArchive);
    if (packed !== undefined && others.length === 1) {
      setArchive(packed.file);
      show("import");
    } else libraryUploads.add(others, { projectId, split: filter.split ?? "none" }, refuseNonPicture);
  };
  const may = useMay(projectId);
  const over = useFileDrop(add, dialog === undefined && may("manage"));
  const target = common.split[filter.split ?? "none"];
  return (
    <div className={css.page}>
      <LibraryHead projectId={projectId} onShow={show} manages={may("manage")} onAuto={() => auto([])}>
        {may("manage") && <UploadButton onFiles={add} hint={words.uploadInto(target)} />}
      </LibraryHead>
      <SplitTabs filter={filter} onChange={setFilter} counts={counts.data} />
      <LibraryView
        projectId={projectId}
        filter={filter}
        onFilter={setFilter}
        onFiles={add}
        onImport={() => show("import")}
        onAuto={auto}
      />
      {over && (
        <div className={css.drop} role="status">
          <Title order={2}>{words.drop(target)}</Title>
          <Text c="dimmed">{words.dropArchive}</Text>
        </div>
      )}
      <AutoAnnotate
        projectId={projectId}
        split={filter.split}
        chosen={chosen}
        opened={dialog === "auto"}
        onClose={close}
      />
      <ImportDialog projectId={projectId} opened={dialog === "import"} file={archive} onClose={close} />
      <ExportDialog projectId={projectId} opened={dialog === "export"} version={version} onClose={close} />
      <VersionsDrawer
        projectId={projectId}
        opened={dialog === "versions"}
        onClose={close}
        onExport={({ id }) => {
          setVersion(id);
          show("export");
        }}
      />
      <ClassesDrawer projectId={projectId} filter={filter} opened={dialog === "classes"} onClose={close} />
    </div>
  );
}

interface LibraryProps {
  projectId: string;
  filter: ImageFilter;
  onFilter: (next: Next) => void;
  onFiles: (files: Picked[]) => void;
  onImport: () => void;
  onAuto: (ids: readonly string[]) => void;
}

function LibraryView({ projectId, filter, onFilter, onFiles, onImport, onAuto }: LibraryProps) {
  const navigate = route.useNavigate();
  const may = useMay(projectId);
  const bulk = useBulk(projectId);
  const wanted = asked(filter);
  const place = `${projectId} ${JSON.stringify(wanted)}`;
  const library = useLibrary(projectId, wanted, place);
  const { listing, here } = library;
  const [selection, setSelection] = useSelection(place);
  const chosen = useChosen(projectId, wanted, here, selection.ids);
  const trash = filter.trash === true;
  const away = useAddresses(projectId, idsOf(here));
  const table = useTable(projectId, filter, onFilter);
  const open = (image: Image) =>
    void navigate({
      to: "/projects/$projectId/annotate/$imageId",
      params: { projectId, imageId: image.id },
      search: filter,
    });
  // Others may have been selected while the server was at work: those stay.
  const done = () => setSelection((now) => deselect(now, idsOf(chosen)));
  return (
    <>
      {chosen.length > 0 ? (
        <SelectionBar
          projectId={projectId}
          images={chosen}
          listing={listing}
          trash={trash}
          bulk={bulk}
          onAll={() => markAll(listing, setSelection)}
          onAuto={() => onAuto(idsOf(chosen))}
          onClear={() => setSelection(NOTHING)}
          onDone={done}
        />
      ) : (
        <>
          <FilterBar projectId={projectId} filter={filter} onChange={onFilter}>
            <TableToggle isTable={table.isTable} onToggle={table.toggle} />
          </FilterBar>
          {filter.state === "proposals" && !trash && may("review") && (
            <ReviewBar projectId={projectId} filter={filter} />
          )}
        </>
      )}
      {trash && library.shows === "images" && (
        <Text size="sm" c="dimmed" className={css.hint}>
          {words.trashHint}
        </Text>
      )}
      <Instead library={library} projectId={projectId} filter={filter} onFilter={onFilter} {...{ onFiles, onImport }} />
      {library.shows === "images" && (
        <AwayProvider value={away}>
          <Pictures
            projectId={projectId}
            filter={filter}
            onFilter={onFilter}
            table={table}
            key={place}
            place={place}
            listing={listing}
            here={here}
            selection={selection}
            onSelect={setSelection}
            onOpen={trash ? undefined : open}
            onSimilar={
              trash
                ? undefined
                : ({ id }) =>
                    void navigate({
                      to: "/projects/$projectId/dataset",
                      params: { projectId },
                      search: { view: "map", similar: id },
                    })
            }
            onDelete={() => {
              if (!trash && may("manage") && chosen.length > 0) bulk.trash.mutate(chosen, { onSuccess: done });
            }}
            foot={library.found === null ? undefined : <SearchFoot found={library.found} />}
          />
        </AwayProvider>
      )}
    </>
  );
}

type PicturesProps = Omit<ComponentProps<typeof ImageGrid>, "people"> &
  Pick<LibraryProps, "projectId" | "filter" | "onFilter"> &
  Pick<ComponentProps<typeof ImageTable>, "here"> & { table: ReturnType<typeof useTable> };

/** The images as pictures or as a table. */
function Pictures({ projectId, filter, onFilter, table, here, ...list }: PicturesProps) {
  const may = useMay(projectId);
  const reviewed = useReviewed(projectId);
  const { names } = usePeople(projectId);
  if (!table.isTable) return <ImageGrid {...list} people={reviewed ? names : null} />;
  return (
    <ImageTable
      {...list}
      here={here}
      projectId={projectId}
      order={filter.order}
      onOrder={(order) => onFilter(withFilter(filter, { order }))}
      fields={table.fields}
      onFields={table.setFields}
      mayWrite={may("annotate") && filter.trash !== true}
    />
  );
}
