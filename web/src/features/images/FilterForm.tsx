import { Button, Fieldset, Group, SimpleGrid } from "@mantine/core";
import { useState, type SyntheticEvent } from "react";
import { library as words } from "../../strings/library";
import { widened, withFilter, type Change, type ImageFilter } from "./filter";
import { ImageFields } from "./ImageFields";
import css from "./images.module.css";
import { ObjectFields } from "./ObjectFields";

interface Props {
  projectId: string;
  filter: ImageFilter;
  onApply: (filter: ImageFilter) => void;
}

export interface FieldsProps {
  projectId: string;
  /** What is typed; a part may make no sense yet. */
  draft: ImageFilter;
  onDraft: (change: Change) => void;
}

/** The fields of the filter. Nothing is searched for until it is sent off, so that the list does not jump meanwhile. */
export function FilterForm({ projectId, filter, onApply }: Props) {
  const [draft, setDraft] = useState<Change>(filter);
  const fields: FieldsProps = {
    projectId,
    draft: draft as ImageFilter,
    onDraft: (change) => setDraft((now) => ({ ...now, ...change })),
  };
  const send = (event: SyntheticEvent) => {
    event.preventDefault();
    onApply(withFilter({}, draft));
  };
  return (
    <form onSubmit={send} aria-label={words.title}>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
        <Fieldset legend={words.objects.title} variant="unstyled" className={css.filtersPart ?? ""}>
          <ObjectFields {...fields} />
        </Fieldset>
        <Fieldset legend={words.image.title} variant="unstyled" className={css.filtersPart ?? ""}>
          <ImageFields {...fields} />
        </Fieldset>
      </SimpleGrid>
      <Group justify="flex-end" className={css.filtersFoot ?? ""}>
        <Button variant="subtle" onClick={() => onApply(widened(filter))}>
          {words.clear}
        </Button>
        <Button type="submit">{words.show}</Button>
      </Group>
    </form>
  );
}
