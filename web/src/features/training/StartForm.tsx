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
import type { Parameter, Task, TrainingTask } from "../../api/types";
import { notifyUndo } from "../../components/notify";
import { training as words } from "../../strings/training";
import { useStartJob } from "../jobs/useJobs";
import { BASIC, changedOf, defaultsOf, problemsOf, type Value } from "./parameters";
import { ChooseTask } from "./ChooseTask";
import { ParameterField } from "./ParameterField";

interface Props {
  projectId: string;
  parameters: readonly Parameter[];
  tasks: readonly TrainingTask[];
  /** Why a training cannot start at present. */
  blocked: boolean;
}

const USUAL: Record<Task, string> = { detect: "wren-n", segment: "wren-n-seg" };

function architecturesOf(task: Task) {
  return Object.entries(words.architectures[task]).map(([value, label]) => ({ value, label }));
}

/** Everything that is chosen before a training; wrong values are marked before they are sent. */
export function StartForm({ projectId, parameters, tasks, blocked }: Props) {
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
  const hidden = parameters.filter((parameter) => !BASIC.includes(parameter.name));
  const changed = Object.keys(changedOf(parameters, values));
  const field = (parameter: Parameter) => (
    <ParameterField
      key={parameter.name}
      parameter={parameter}
      value={values[parameter.name] ?? ""}
      problem={problems[parameter.name]}
      onChange={(value: Value) => setValues({ ...values, [parameter.name]: value })}
    />
  );
  const submit = () =>
    start.mutate(
      {
        kind: "train",
        project_id: projectId,
        architecture,
        name: name.trim() === "" ? null : name.trim(),
        version_id: version === "" ? null : version,
        weights: weights === "" ? null : weights,
        hyper: changedOf(parameters, values),
      },
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
          if (!wrong && !blocked) submit();
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
            <Select
              label={words.architecture}
              description={words.architectureHint}
              data={architecturesOf(task)}
              value={architecture}
              onChange={(value) => setArchitecture(value ?? USUAL[task])}
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
            <SimpleGrid cols={{ base: 1, sm: 2, xl: 3 }} spacing="md" verticalSpacing="sm">
              {hidden.map(field)}
            </SimpleGrid>
          </Collapse>
          <Group justify="end">
            {wrong && (
              <Text c="red" role="alert">
                {words.wrong}
              </Text>
            )}
            <Button
              type="submit"
              size="md"
              disabled={blocked || wrong}
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
