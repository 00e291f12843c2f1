import { Group, MultiSelect, NativeSelect, Stack, TextInput } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { versionsQuery, videosQuery } from "../../api/queries";
import { library } from "../../strings/library";
import { tags as tagWords } from "../../strings/tags";
import { tagsQuery } from "../tags/queries";
import { COMMENTS, tagsOf } from "./filter";
import type { FieldsProps } from "./FilterForm";
import { INSIDE } from "./ObjectFields";
import { DayRange, NumberRange } from "./RangeField";

const words = library.image;

/** What has to hold for the image. */
export function ImageFields({ projectId, draft, onDraft }: FieldsProps) {
  const known = useQuery(tagsQuery(projectId)).data ?? [];
  const chosen = tagsOf(draft);
  const gone = chosen.filter((tag) => !known.some((one) => one.tag === tag));
  return (
    <Stack gap="xs">
      <NumberRange
        label={words.count}
        low={draft.min_objects}
        high={draft.max_objects}
        onLow={(min_objects) => onDraft({ min_objects })}
        onHigh={(max_objects) => onDraft({ max_objects })}
      />
      <NumberRange
        label={words.pixels}
        step={100_000}
        low={draft.min_pixels}
        high={draft.max_pixels}
        onLow={(min_pixels) => onDraft({ min_pixels })}
        onHigh={(max_pixels) => onDraft({ max_pixels })}
      />
      <MultiSelect
        label={words.tags}
        data={[
          ...known.map(({ tag, images }) => ({ value: tag, label: tagWords.tagged(tag, images) })),
          ...gone.map((tag) => ({ value: tag, label: tag })),
        ]}
        searchable
        clearable
        hidePickedOptions
        comboboxProps={INSIDE}
        value={chosen}
        onChange={(tags) => onDraft({ tag: undefined, tags })}
      />
      <Group grow gap="xs" align="end">
        <TextInput
          label={words.metadata}
          value={draft.metadata ?? ""}
          onChange={({ currentTarget: { value } }) => onDraft({ metadata: value === "" ? undefined : value })}
        />
        <TextInput
          aria-label={`${words.metadata}: ${library.objects.value}`}
          placeholder={library.objects.anyValue}
          disabled={draft.metadata === undefined}
          value={draft.metadata_value ?? ""}
          onChange={({ currentTarget: { value } }) => onDraft({ metadata_value: value === "" ? undefined : value })}
        />
      </Group>
      <DayRange
        label={words.added}
        low={draft.from}
        high={draft.to}
        onLow={(from) => onDraft({ from })}
        onHigh={(to) => onDraft({ to })}
      />
      <ChangedField projectId={projectId} draft={draft} onDraft={onDraft} />
      <NativeSelect
        label={words.comments}
        data={[
          { value: "", label: words.anyComments },
          ...COMMENTS.map((value) => ({ value, label: words.commented[value] })),
        ]}
        value={draft.comments ?? ""}
        onChange={({ currentTarget: { value } }) => onDraft({ comments: COMMENTS.find((one) => one === value) })}
      />
      <VideoField projectId={projectId} draft={draft} onDraft={onDraft} />
    </Stack>
  );
}

function ChangedField({ projectId, draft, onDraft }: FieldsProps) {
  const versions = useQuery(versionsQuery(projectId)).data ?? [];
  const { changed_since: since = "" } = draft;
  const known = since === "" || versions.some(({ id }) => id === since);
  return (
    <NativeSelect
      label={words.changed}
      data={[
        { value: "", label: words.anyChange },
        ...versions.map(({ id, name }) => ({ value: id, label: name })),
        ...(known ? [] : [{ value: since, label: library.chip.gone }]),
      ]}
      value={since}
      onChange={({ currentTarget: { value } }) => onDraft({ changed_since: value === "" ? undefined : value })}
    />
  );
}

function VideoField({ projectId, draft, onDraft }: FieldsProps) {
  const pages = useInfiniteQuery(videosQuery(projectId, false)).data?.pages ?? [];
  const videos = pages.flatMap((page) => page.items).map(({ id, name }) => ({ value: id, label: name }));
  const { video = "" } = draft;
  const known = ["", "any", "none"].includes(video) || videos.some(({ value }) => value === video);
  return (
    <NativeSelect
      label={words.video}
      data={[
        { value: "", label: words.anyVideo },
        { value: "any", label: words.ofVideo },
        { value: "none", label: words.noVideo },
        ...videos,
        ...(known ? [] : [{ value: video, label: library.chip.gone }]),
      ]}
      value={video}
      onChange={({ currentTarget: { value } }) => onDraft({ video: value === "" ? undefined : value })}
    />
  );
}
