/** Lets a model propose objects on the open picture. */
import { Button, Checkbox, NativeSelect, Slider, Stack, Text } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconWand } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { modelsQuery } from "../../api/queries";
import type { Model } from "../../api/types";
import { LinkButton } from "../../components/links";
import { JobProgress } from "../../features/jobs/JobProgress";
import { useMay } from "../../features/people/useMay";
import { ownScores } from "../../features/proposals/plan";
import { annotate } from "../../strings/annotate";
import { review } from "../../strings/review";
import { KeyPopover } from "../KeyPopover";
import type { Classes } from "../useClasses";
import { focusCanvas } from "../useShortcuts";
import type { Proposing } from "./useProposing";

const { auto: text } = review;

interface Props {
  readonly projectId: string;
  readonly classes: Classes;
  readonly proposing: Proposing;
  readonly opened: boolean;
  readonly onOpen: (opened: boolean) => void;
}

export function AutoAnnotate({ projectId, classes, proposing, opened, onOpen }: Props) {
  const narrow = useMediaQuery("(max-width: 61.99em)");
  const allowed = useMay(projectId)("annotate");
  const close = (): void => {
    onOpen(false);
    focusCanvas();
  };
  return (
    <KeyPopover
      icon={IconWand}
      label={text.title}
      action="propose"
      side="right"
      active={opened || proposing.job !== undefined}
      disabled={!allowed}
      title={text.title}
      opened={opened}
      onOpen={onOpen}
      position={narrow ? "top" : "right-start"}
      width={300}
    >
      <Text fw={600}>{text.title}</Text>
      <Text size="sm" c="dimmed" mb="sm">
        {text.intro}
      </Text>
      <Choice projectId={projectId} classes={classes} proposing={proposing} onDone={close} />
    </KeyPopover>
  );
}

interface ChoiceProps extends Pick<Props, "projectId" | "classes" | "proposing"> {
  readonly onDone: () => void;
}

function Choice({ projectId, classes, proposing, onDone }: ChoiceProps) {
  const models = useQuery(modelsQuery(projectId));
  if (proposing.job) return <JobProgress job={proposing.job} />;
  if (models.data?.length === 0) {
    return (
      <Stack gap="sm">
        <Text size="sm">{text.noModel}</Text>
        <LinkButton to="/projects/$projectId/train" params={{ projectId }} variant="default">
          {text.toTrain}
        </LinkButton>
      </Stack>
    );
  }
  return models.data ? (
    <Form models={models.data} classes={classes} proposing={proposing} onDone={onDone} />
  ) : (
    <Text size="sm" c="dimmed">
      {models.isError ? models.error.message : annotate.objects.loading}
    </Text>
  );
}

interface FormProps extends Pick<ChoiceProps, "classes" | "proposing" | "onDone"> {
  readonly models: readonly Model[];
}

function Form({ models, classes, proposing, onDone }: FormProps) {
  const [chosen, setChosen] = useState<string | null>(null);
  const [least, setLeast] = useState<number | null>(null);
  const [create, setCreate] = useState(false);
  const model = models.find(({ id }) => id === chosen) ?? models[0];
  if (!model) return null;
  const own = ownScores(model).size > 0;
  const threshold = least ?? (own ? null : model.card.score_threshold);
  const known = new Set(classes.list.map(({ name }) => name));
  const missing = model.card.classes.flatMap(({ name }) => (known.has(name) ? [] : [name]));
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        proposing.start({ modelId: model.id, threshold, create: create && missing.length > 0 });
        onDone();
      }}
    >
      <Stack gap="sm">
        <NativeSelect
          data-autofocus
          label={text.model}
          value={model.id}
          data={models.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={(event) => {
            setChosen(event.currentTarget.value);
            setLeast(null);
          }}
        />
        <div>
          <Text size="sm" fw={500}>
            {text.threshold} <span className="number">{threshold === null ? text.byClass : threshold.toFixed(2)}</span>
          </Text>
          <Slider
            min={0}
            max={1}
            step={0.01}
            label={null}
            value={threshold ?? model.card.score_threshold}
            thumbLabel={text.threshold}
            my={6}
            onChange={setLeast}
          />
        </div>
        {missing.length > 0 && (
          <Checkbox
            size="xs"
            label={text.create(missing.slice(0, 5).join(", "))}
            checked={create}
            onChange={(event) => setCreate(event.currentTarget.checked)}
          />
        )}
        <Button type="submit" loading={proposing.starting}>
          {text.start}
        </Button>
      </Stack>
    </form>
  );
}
