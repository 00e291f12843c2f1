import { MultiSelect, SimpleGrid } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { Schemas } from "../../api/client";
import { classesQuery } from "../../api/queries";
import { common } from "../../strings/common";
import { exchange as words } from "../../strings/exchange";

/** Which part of a dataset is taken; what is empty leaves nothing out. */
export type Part = Required<Schemas["Selection"]>;

export const WHOLE: Part = { splits: [], states: [], class_ids: [], sources: [] };

const STATES = { unlabeled: common.state.unlabeled, labeled: common.state.labeled, empty: common.state.empty };

interface Props {
  projectId: string;
  ofVersion: boolean;
  part: Part;
  onPart: (part: Part) => void;
}

/** Choose a part by split, state, class and by who made the annotations. */
export function PartOf({ projectId, ofVersion, part, onPart }: Props) {
  const classes = useQuery(classesQuery(projectId));
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm" role="group" aria-label={words.part}>
      <MultiSelect
        label={words.partSplits}
        placeholder={part.splits.length === 0 ? common.all : ""}
        data={choices(common.splitChoices)}
        value={part.splits}
        onChange={(splits) => onPart({ ...part, splits: splits as Part["splits"] })}
      />
      <MultiSelect
        label={words.partStates}
        placeholder={part.states.length === 0 ? common.all : ""}
        data={choices(STATES)}
        value={part.states}
        onChange={(states) => onPart({ ...part, states: states as Part["states"] })}
      />
      <MultiSelect
        label={words.partClasses}
        placeholder={part.class_ids.length === 0 ? common.all : ""}
        searchable
        data={(classes.data ?? []).map((found) => ({ value: found.id, label: found.name }))}
        value={part.class_ids}
        onChange={(class_ids) => onPart({ ...part, class_ids })}
      />
      <MultiSelect
        label={words.partSources}
        placeholder={part.sources.length === 0 ? common.all : ""}
        description={ofVersion ? words.noSources : undefined}
        disabled={ofVersion}
        data={choices(words.sources)}
        value={part.sources}
        onChange={(sources) => onPart({ ...part, sources: sources as Part["sources"] })}
      />
    </SimpleGrid>
  );
}

function choices(labels: Readonly<Record<string, string>>): { value: string; label: string }[] {
  return Object.entries(labels).map(([value, label]) => ({ value, label }));
}
