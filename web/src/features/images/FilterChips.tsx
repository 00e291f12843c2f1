import { Button } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { classesQuery, versionsQuery, videosQuery } from "../../api/queries";
import { images } from "../../strings/images";
import { library as words } from "../../strings/library";
import { usePeople } from "../workflow/useWork";
import { chipsOf, type Chip } from "./chips";
import { widened, withFilter, type ImageFilter } from "./filter";
import css from "./images.module.css";

/** The active filters in words. */
export function useChips(projectId: string, filter: ImageFilter): Chip[] {
  const classes = useQuery(classesQuery(projectId)).data ?? [];
  const { names: people } = usePeople(projectId);
  const oneVideo = filter.video !== undefined && !["any", "none"].includes(filter.video);
  const pages = useInfiniteQuery({ ...videosQuery(projectId, false), enabled: oneVideo }).data?.pages ?? [];
  const videos = new Map(pages.flatMap((page) => page.items).map(({ id, name }) => [id, name]));
  const frozen = useQuery({ ...versionsQuery(projectId), enabled: filter.changed_since !== undefined }).data ?? [];
  const versions = new Map(frozen.map(({ id, name }) => [id, name]));
  return chipsOf(filter, { classes: new Map(classes.map(({ id, name }) => [id, name])), people, videos, versions });
}

interface Props {
  filter: ImageFilter;
  chips: readonly Chip[];
  onChange: (filter: ImageFilter) => void;
}

/** Each active filter, to be taken away by a click. */
export function FilterChips({ filter, chips, onChange }: Props) {
  return (
    <div className={css.chips} role="group" aria-label={words.active}>
      {chips.map(({ key, label, without }) => (
        <Button
          key={key}
          className={css.chip ?? ""}
          variant="light"
          size="compact-sm"
          radius="xl"
          rightSection={<IconX size={14} aria-hidden />}
          aria-label={words.remove(label)}
          title={words.remove(label)}
          onClick={() => onChange(withFilter(filter, without))}
        >
          {label}
        </Button>
      ))}
      <Button variant="subtle" size="compact-sm" onClick={() => onChange(widened(filter))}>
        {images.clearFilters}
      </Button>
    </div>
  );
}
