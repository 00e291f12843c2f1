import {
  Badge,
  Button,
  Collapse,
  Group,
  Paper,
  Select,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
  Title,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronDown, IconChevronUp, IconPlayerPlay } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { modelsQuery, versionsQuery } from "../../api/queries";
import type { AugmentationPreset, Parameter, Task, TrainingAdvice, TrainingTask } from "../../api/types";
import { notifyUndo } from "../../components/notify";
import { training as words } from "../../strings/training";
import { useStartJob } from "../jobs/useJobs";
import { ArchitectureField, useCanBegin } from "./ArchitectureField";
import { ChooseTask } from "./ChooseTask";
import { Choices } from "./Choices";
import { Estimate } from "./Estimate";
import { LookAhead } from "./LookAhead";
import { BASIC, changedOf, defaultsOf, GROUPS, problemsOf, withPreset, type Value, type Values } from "./parameters";
import { ParameterField } from "./ParameterField";

interface Props {
  projectId: string;
  parameters: readonly Parameter[];
  tasks: readonly TrainingTask[];
  presets: readonly AugmentationPreset[];
  advice: readonly TrainingAdvice[];
  /** Why a training cannot start at present. */
  blocked: boolean;
}

const USUAL: Record<Task, string> = { detect: "wren-n", segment: "wren-n-seg" };

/** Everything that is chosen before a training; wrong values are marked before they are sent. */
export function StartForm({ projectId, parameters, presets, advice, tasks, blocked }: Props) {
  const [name, setName] = useState("");
  const [task, setTask] = useState<Task>("detect");
  const [architecture, setArchitecture] = useState(USUAL.detect);
  const [weights, setWeights] = useState("");
  const [version, setVersion] = useState("");
  const [values, setValues] = useState(() => defaultsOf(parameters));
  const [advanced, { toggle }] = useDisclosure(false);
  const models = useQuery(modelsQuery(projectId));
  const versions = useQuery(versionsQuery(projectId));
  const start = useStartJob();
  const navigate = useNavigate();
  const problems = problemsOf(parameters, values);
  const problem = version === "" ? tasks.find((one) => one.task === task)?.problem : null;
  const wrong = Object.keys(problems).length > 0 || (problem ?? null) !== null;
  const unable = [blocked, wrong, !useCanBegin(architecture, weights)].includes(true);
  const preset = presets.find((one) => one.name === values["augment"]);
  const hyper = changedOf(parameters, values, preset);
  const changed = Object.keys(hyper);
  const change = (name: string, value: Value) => {
    const other = name === "augment" ? presets.find((one) => one.name === value) : undefined;
    setValues(other === undefined ? { ...values, [name]: value } : withPreset(parameters, values, other));
  };
  const field = (parameter: Parameter) => (
    <ParameterField
      key={parameter.name}
      parameter={parameter}
      value={values[parameter.name] ?? ""}
      problem={problems[parameter.name]}
      onChange={(value: Value) => {
        change(parameter.name, value);
      }}
    />
  );
  const request = requestOf(projectId, { architecture, name, version, weights }, hyper);
  const submit = () =>
    start.mutate(
      { ...request, kind: "train" },
      {
        onSuccess: (job) =>
          void navigate({ to: "/projects/$projectId/train/$jobId", params: { projectId, jobId: job.id } }),
      },
    );
  return (
    <Paper component="section" aria-label={words.startTitle}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!unable) submit();
        }}
      >
        <Stack>
          <Title order={2}>{words.startTitle}</Title>
          <ChooseTask
            task={task}
            problem={problem ?? null}
            onChange={(chosen) => {
              setTask(chosen);
              setArchitecture(USUAL[chosen]);
            }}
          />
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md" verticalSpacing="sm">
            <TextInput
              label={words.modelName}
              description={words.modelNameHint}
              value={name}
              maxLength={200}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <ArchitectureField
              projectId={projectId}
              task={task}
              architecture={architecture}
              onArchitecture={setArchitecture}
            />
            <Select
              label={words.weights}
              data={[
                { value: "", label: words.weightsDefault },
                ...(models.data ?? []).map((model) => ({ value: model.id, label: model.name })),
              ]}
              value={weights}
              onChange={(value) => setWeights(value ?? "")}
            />
            <Select
              label={words.version}
              data={[
                { value: "", label: words.present },
                ...(versions.data ?? []).map((found) => ({ value: found.id, label: found.name })),
              ]}
              value={version}
              onChange={(value) => setVersion(value ?? "")}
            />
            {parameters.filter((parameter) => BASIC.includes(parameter.name)).map(field)}
          </SimpleGrid>
          <Group gap="sm">
            <Button
              variant="subtle"
              px="xs"
              aria-expanded={advanced}
              leftSection={
                advanced ? <IconChevronUp size={16} aria-hidden /> : <IconChevronDown size={16} aria-hidden />
              }
              onClick={toggle}
            >
              {advanced ? words.advancedHide : words.advanced}
            </Button>
            {changed.length > 0 && (
              <>
                <Badge>{words.changed(changed.length)}</Badge>
                <Button
                  variant="default"
                  size="compact-sm"
                  onClick={() => {
                    setValues(defaultsOf(parameters));
                    notifyUndo(words.restored, () => {
                      setValues(values);
                    });
                  }}
                >
                  {words.restore}
                </Button>
              </>
            )}
          </Group>
          <Collapse expanded={advanced}>
            <Stack>
              {GROUPS.map((group) => (
                <Stack key={group} gap="xs" component="section" aria-label={words.groups[group] ?? group}>
                  <Title order={3}>{words.groups[group] ?? group}</Title>
                  <SimpleGrid cols={{ base: 1, sm: 2, xl: 3 }} spacing="md" verticalSpacing="sm">
                    {parameters.filter((one) => one.group === group && !BASIC.includes(one.name)).map(field)}
                  </SimpleGrid>
                </Stack>
              ))}
            </Stack>
          </Collapse>
          <Choices advice={advice} />
          <Estimate projectId={projectId} architecture={architecture} hyper={hyper} disabled={unable} />
          <Group justify="end">
            <LookAhead
              request={request}
              hyper={hyper}
              presets={presets}
              disabled={unable}
              onPreset={(value) => {
                change("augment", value);
              }}
            />
            {wrong && (
              <Text c="red" role="alert">
                {words.wrong}
              </Text>
            )}
            <Button
              type="submit"
              size="md"
              disabled={unable}
              loading={start.isPending}
              leftSection={<IconPlayerPlay size={18} aria-hidden />}
            >
              {words.start}
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}

/** What the form says, as the server wants it: what was left empty is null. */
function requestOf(
  projectId: string,
  { architecture, name, version, weights }: Record<"architecture" | "name" | "version" | "weights", string>,
  hyper: Values,
) {
  const orNull = (text: string) => (text.trim() === "" ? null : text.trim());
  return {
    project_id: projectId,
    architecture,
    name: orNull(name),
    version_id: orNull(version),
    weights: orNull(weights),
    hyper,
  };
}
