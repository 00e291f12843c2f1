import { Alert, Button, Group, Modal, Radio, Select, Stack, Text } from "@mantine/core";
import { IconPlayerPlay, IconSchool } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { classesQuery, modelsQuery } from "../../api/queries";
import type { LabelClass, Model, Split } from "../../api/types";
import { Empty } from "../../components/Empty";
import { LinkButton } from "../../components/links";
import { Lines, Loaded } from "../../components/Loaded";
import { notifyDone } from "../../components/notify";
import { count } from "../../lib/format";
import { common } from "../../strings/common";
import { proposals as words } from "../../strings/proposals";
import { useStartJob } from "../jobs/useJobs";
import { useMay } from "../people/useMay";
import { ClassPlan } from "./ClassPlan";
import { LeastScore } from "./LeastScore";
import { isUseful, mappingOf, ownScores, planOf, scoreOf, thresholdsOf, type Scores } from "./plan";

interface Props {
  projectId: string;
  split: Split | undefined;
  /** Ids of the selected images; empty where none are. */
  chosen: readonly string[];
  opened: boolean;
  onClose: () => void;
}

/** Let a model propose annotations: which model, how sure, on which images, as which classes. */
export function AutoAnnotate(props: Props) {
  const models = useQuery({ ...modelsQuery(props.projectId), enabled: props.opened });
  const classes = useQuery({ ...classesQuery(props.projectId), enabled: props.opened });
  return (
    <Modal opened={props.opened} onClose={props.onClose} title={words.title} size="lg">
      <Loaded query={models} skeleton={<Lines rows={4} />}>
        {(found) =>
          found.length === 0 ? (
            <NoModel projectId={props.projectId} />
          ) : (
            <Loaded query={classes} skeleton={<Lines rows={4} />}>
              {(here) => <Form {...props} models={found} classes={here} />}
            </Loaded>
          )
        }
      </Loaded>
    </Modal>
  );
}

function NoModel({ projectId }: { projectId: string }) {
  return (
    <Empty
      icon={IconSchool}
      title={words.noModelTitle}
      action={
        <LinkButton to="/projects/$projectId/train" params={{ projectId }}>
          {words.toTrain}
        </LinkButton>
      }
    >
      {words.noModelBody}
    </Empty>
  );
}

/** The model's own scores where it has some. */
const scoresFor = (model: Model | undefined): Scores => ({
  own: model !== undefined && ownScores(model).size > 0,
  one: model?.card.score_threshold ?? 0.25,
  edited: new Map(),
});

type Scope = "unlabeled" | "all" | "split" | "chosen";
type FormProps = Props & { models: readonly Model[]; classes: readonly LabelClass[] };

function Form({ projectId, split, chosen, models, classes, onClose }: FormProps) {
  const [model, setModel] = useState(models[0]);
  const [scores, setScores] = useState(() => scoresFor(model));
  const [scope, setScope] = useState<Scope>(chosen.length > 0 ? "chosen" : "unlabeled");
  const [wanted, setCreate] = useState<boolean | null>(null);
  const [own, setOwn] = useState<ReadonlyMap<string, string>>(new Map());
  const [shape, setShape] = useState<Shape>("outline");
  const start = useStartJob();
  const manages = useMay(projectId)("manage");
  const create = wanted ?? (manages && classes.length === 0);
  const names = useMemo(() => model?.card.classes.map(({ name }) => name) ?? [], [model]);
  const here = useMemo(() => classes.map(({ name }) => name), [classes]);
  const plan = planOf(names, here, create, own);
  const choose = (id: string | null) => {
    const next = models.find((one) => one.id === id) ?? models[0];
    setModel(next);
    setScores(scoresFor(next));
    setOwn(new Map());
  };
  if (model === undefined) return null;
  const begin = () =>
    start.mutate(
      {
        kind: "label",
        project_id: projectId,
        model_id: model.id,
        ...thresholdsOf(scores),
        shape,
        only_unlabeled: scope === "unlabeled",
        split: scope === "split" ? (split ?? null) : null,
        image_ids: scope === "chosen" ? [...chosen] : null,
        ...mappingOf(plan),
      },
      {
        onSuccess: () => {
          notifyDone(words.started);
          onClose();
        },
      },
    );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (isUseful(plan)) begin();
      }}
    >
      <Stack>
        <Text c="dimmed">{words.intro}</Text>
        <Select
          label={words.model}
          data={models.map(({ id, name }) => ({ value: id, label: name }))}
          value={model.id}
          onChange={choose}
          allowDeselect={false}
        />
        <LeastScore scores={scores} hasOwn={ownScores(model).size > 0} onChange={setScores} />
        {model.card.task === "segment" && <ShapeChoice shape={shape} onShape={setShape} />}
        {manages && <ScopeChoice scope={scope} split={split} chosen={chosen.length} onScope={setScope} />}
        <ClassPlan
          names={names}
          here={here}
          plan={plan}
          create={create}
          mayCreate={manages}
          onCreate={setCreate}
          onChoose={setOwn}
          own={own}
          scoreOf={(name) => scoreOf(scores, model, name)}
          onScore={(name, score) => setScores({ ...scores, edited: new Map(scores.edited).set(name, score) })}
        />
        {!isUseful(plan) && <Alert color="orange">{words.nothingMatches}</Alert>}
        <Group justify="end" gap="sm">
          <Button variant="default" onClick={onClose}>
            {common.cancel}
          </Button>
          <Button
            type="submit"
            leftSection={<IconPlayerPlay size={16} aria-hidden />}
            loading={start.isPending}
            disabled={!isUseful(plan)}
          >
            {words.start}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

type Shape = "outline" | "box";

/** Only models that give outlines leave a choice. */
function ShapeChoice({ shape, onShape }: { shape: Shape; onShape: (shape: Shape) => void }) {
  return (
    <Radio.Group label={words.shape} value={shape} onChange={onShape}>
      <Group gap="lg" mt={6}>
        <Radio value="outline" label={words.shapes.outline} />
        <Radio value="box" label={words.shapes.box} />
      </Group>
    </Radio.Group>
  );
}

interface ScopeProps {
  scope: Scope;
  split: Split | undefined;
  chosen: number;
  onScope: (scope: Scope) => void;
}

function ScopeChoice({ scope, split, chosen, onScope }: ScopeProps) {
  return (
    <Radio.Group label={words.which} description={words.scopeHint} value={scope} onChange={(value) => onScope(value)}>
      <Stack gap="xs" mt={6}>
        {chosen > 0 && <Radio value="chosen" label={words.scopes.chosen(count(chosen))} />}
        <Radio value="unlabeled" label={words.scopes.unlabeled} />
        {split !== undefined && <Radio value="split" label={words.scopes.split(common.split[split])} />}
        <Radio value="all" label={words.scopes.all} />
      </Stack>
    </Radio.Group>
  );
}
