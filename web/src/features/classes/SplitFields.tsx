import { Fieldset, SimpleGrid, Text } from "@mantine/core";
import { classChanges as words } from "../../strings/classChanges";
import { library } from "../../strings/library";
import type { FieldsProps } from "../images/FilterForm";
import { ImageFields } from "../images/ImageFields";
import css from "../images/images.module.css";
import { ObjectFields } from "../images/ObjectFields";

/** Which objects a split moves, in the words of the library's filter. */
export function SplitFields({ given, ...fields }: FieldsProps & { given: boolean }) {
  return (
    <div>
      {given && (
        <Text size="sm" c="dimmed">
          {words.fromView}
        </Text>
      )}
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
        <Fieldset legend={words.filter} variant="unstyled" className={css.filtersPart ?? ""}>
          <ObjectFields {...fields} ofImage />
        </Fieldset>
        <Fieldset legend={library.image.title} variant="unstyled" className={css.filtersPart ?? ""}>
          <ImageFields {...fields} />
        </Fieldset>
      </SimpleGrid>
    </div>
  );
}
