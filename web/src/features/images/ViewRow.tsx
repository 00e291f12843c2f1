import { Anchor, Group, Text, TextInput } from "@mantine/core";
import { IconPencil, IconReplace, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useSession } from "../../app/session";
import { common } from "../../strings/common";
import { images } from "../../strings/images";
import { views as words } from "../../strings/views";
import { RowAction } from "../classes/RowAction";
import { useMay } from "../people/useMay";
import { filterOf, type ImageFilter } from "./filter";
import { useChips } from "./FilterChips";
import css from "./images.module.css";
import { useViewChanges, type SavedView } from "./useViews";

interface Props {
  projectId: string;
  view: SavedView;
  /** What the library shows now. */
  filter: ImageFilter;
  active: boolean;
  onOpen: () => void;
}

/** A saved view, what it shows, and what can be done with it. */
export function ViewRow({ projectId, view, filter, active, onOpen }: Props) {
  const [renaming, setRenaming] = useState(false);
  const { rename, replace, remove } = useViewChanges(projectId);
  const me = useSession().data?.id;
  const mine = useMay(projectId)("manage") || view.author_id === me;
  const shows = useSaying(projectId, view);
  const hint = mine ? undefined : words.notYours;
  return (
    <Group component="li" gap="xs" wrap="nowrap" className={css.view ?? ""}>
      <div className={css.viewName}>
        {renaming ? (
          <NewName
            view={view}
            onDone={(name) => {
              setRenaming(false);
              if (name !== view.name) rename.mutate({ id: view.id, name });
            }}
          />
        ) : (
          <Anchor component="button" type="button" ta="left" aria-label={words.show(view.name)} onClick={onOpen}>
            {view.name}
          </Anchor>
        )}
        <Text size="xs" c="dimmed">
          {shows}
        </Text>
      </div>
      <RowAction label={words.rename(view.name)} hint={hint} disabled={!mine} onClick={() => setRenaming(true)}>
        <IconPencil size={18} stroke={1.5} aria-hidden />
      </RowAction>
      <RowAction
        label={words.replace(view.name)}
        hint={hint ?? (active ? words.same : undefined)}
        disabled={!mine || active}
        onClick={() => replace.mutate({ view, filter })}
      >
        <IconReplace size={18} stroke={1.5} aria-hidden />
      </RowAction>
      <RowAction label={words.delete(view.name)} hint={hint} disabled={!mine} onClick={() => remove.mutate(view)}>
        <IconTrash size={18} stroke={1.5} aria-hidden />
      </RowAction>
    </Group>
  );
}

/** What a view shows, in words. */
function useSaying(projectId: string, view: SavedView): string {
  const filter = filterOf(view.query);
  const { name, split, order, trash } = filter;
  const said = useChips(projectId, filter).map(({ label }) => label);
  if (name !== undefined) said.unshift(`“${name}”`);
  if (split !== undefined) said.unshift(common.split[split]);
  if (trash === true) said.unshift(images.trash);
  if (order !== undefined) said.push(images.orders[order]);
  return said.length === 0 ? words.all : said.join("; ");
}

/** A field for another name: Enter and leaving it save, Escape gives up. */
function NewName({ view, onDone }: { view: SavedView; onDone: (name: string) => void }) {
  const [draft, setDraft] = useState(view.name);
  const finish = () => onDone(draft.trim() === "" ? view.name : draft.trim());
  return (
    <TextInput
      aria-label={words.newName(view.name)}
      size="xs"
      value={draft}
      autoFocus
      maxLength={200}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={finish}
      onKeyDown={(event) => {
        if (event.key === "Enter") finish();
        if (event.key === "Escape") {
          event.stopPropagation();
          onDone(view.name);
        }
      }}
    />
  );
}
