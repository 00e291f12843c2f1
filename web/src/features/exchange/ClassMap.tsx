import { Autocomplete, ScrollArea, SimpleGrid, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { classesQuery } from "../../api/queries";
import { exchange as words } from "../../strings/exchange";
import { fateOf, renamed, type ImportOptions } from "./importOptions";
import type { ImportReport } from "./report";

interface Props {
  projectId: string;
  report: ImportReport;
  options: ImportOptions;
  onOptions: (options: ImportOptions) => void;
}

/** From the classes found to those here: each is mapped to one that is here, made anew, or dropped. */
export function ClassMap({ projectId, report, options, onOptions }: Props) {
  const here = (useQuery(classesQuery(projectId)).data ?? []).map((found) => found.name);
  return (
    <section aria-label={words.classesFound}>
      <Title order={3}>{words.classesFound}</Title>
      <Text size="sm" c="dimmed" mb="xs">
        {words.classesHint}
      </Text>
      <ScrollArea.Autosize mah={240} type="auto">
        <SimpleGrid cols={{ base: 2, sm: 3 }} spacing="sm" verticalSpacing="xs">
          {report.classes.map((name) => {
            const target = options.class_map[name] ?? name;
            return (
              <Autocomplete
                key={name}
                size="xs"
                label={name}
                aria-label={words.classAs(name)}
                description={words.fates[fateOf(target, here)]}
                data={here}
                limit={50}
                value={target}
                onChange={(value) => onOptions(renamed(options, name, value))}
              />
            );
          })}
        </SimpleGrid>
      </ScrollArea.Autosize>
    </section>
  );
}
