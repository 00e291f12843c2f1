import { Button, Group, Paper, Select, Stack, Text } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { IconListSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { modelsQuery } from "../../api/queries";
import { LinkButton } from "../../components/links";
import { Loaded } from "../../components/Loaded";
import { Time } from "../../components/Time";
import { count, plural } from "../../lib/format";
import { common } from "../../strings/common";
import { labels as words } from "../../strings/labels";
import { JobActions } from "../jobs/JobActions";
import { JobProgress } from "../jobs/JobProgress";
import { isActive, useJobs, useStartJob } from "../jobs/useJobs";
import { useMay } from "../people/useMay";
import { labelCheckQuery, type LabelCheck } from "./queries";
import { SPLITS } from "./view";

/** Which model has looked at which labels, and the button that lets one look again. */
export function CheckBar({ projectId }: { projectId: string }) {
  const found = useQuery(labelCheckQuery(projectId));
  return (
    <Paper p="sm">
      <Loaded query={found}>{(check) => <Bar projectId={projectId} check={check} />}</Loaded>
    </Paper>
  );
}

function Bar({ projectId, check }: { projectId: string; check: LabelCheck }) {
  const may = useMay(projectId);
  const models = useQuery(modelsQuery(projectId)).data;
  const job = useJobs(projectId).jobs.find(({ kind, state }) => kind === "label_check" && state !== "succeeded");
  const active = job !== undefined && (isActive(job) || job.state === "paused") ? job : undefined;
  return (
    <Stack gap="xs">
      <Group justify="space-between" gap="sm">
        <div style={{ flex: 1, minWidth: 260 }}>
          <Told check={check} />
          {may("manage") && <Why check={check} />}
        </div>
        {active !== undefined && <JobActions job={active} />}
        {active === undefined && may("manage") && models !== undefined && models.length > 0 && (
          <Start projectId={projectId} models={models} check={check} />
        )}
      </Group>
      {models?.length === 0 && <NoModel projectId={projectId} />}
      {active !== undefined && <JobProgress job={active} />}
    </Stack>
  );
}

function learned(check: LabelCheck): string {
  if (check.seen === null) return words.unseen;
  return check.seen > 0 ? words.seen(count(check.seen)) : "";
}

function NoModel({ projectId }: { projectId: string }) {
  return (
    <Group gap="sm">
      <Text size="sm">{words.noModel}</Text>
      <LinkButton to="/projects/$projectId/train" params={{ projectId }} size="compact-sm">
        {words.train}
      </LinkButton>
    </Group>
  );
}

function Told({ check }: { check: LabelCheck }) {
  return (
    <>
      <Text>
        {check.checked_at === null ? (
          words.never
        ) : (
          <>
            {words.last(check.model_name ?? "", plural(check.images, "image"))}, <Time value={check.checked_at} />
          </>
        )}
      </Text>
      <Text size="sm" c="dimmed">
        {words.intro} {check.checked_at === null ? "" : learned(check)}
      </Text>
    </>
  );
}

/** Which model looks where nobody chooses, and why that one. */
function Why({ check }: { check: LabelCheck }) {
  const choice = check.choice ?? null;
  if (choice === null) return null;
  return (
    <Text size="sm" c="dimmed">
      {why(choice)}
    </Text>
  );
}

type Choice = NonNullable<LabelCheck["choice"]>;

function why({ model_name, split, score, among }: Choice): string {
  if (split !== null) {
    return words.bestWhy(model_name, (score ?? 0).toFixed(3), common.split[split].toLowerCase(), count(among));
  }
  return among === 1 ? words.only(model_name) : words.newestWhy(model_name);
}

function usual({ choice = null }: LabelCheck): string {
  if (choice === null) return words.model;
  return words[choice.split === null ? "newest" : "best"](choice.model_name);
}

interface StartProps {
  projectId: string;
  models: readonly { id: string; name: string }[];
  check: LabelCheck;
}

function Start({ projectId, models, check }: StartProps) {
  const again = check.checked_at !== null;
  const start = useStartJob();
  const [model, setModel] = useState<string | null>(null);
  const [split, setSplit] = useState<string | null>(null);
  const go = () => {
    if (start.isPending) return;
    start.mutate({
      kind: "label_check",
      project_id: projectId,
      ...(model === null ? {} : { model_id: model }),
      splits: SPLITS.filter((one) => one === split),
    });
  };
  useHotkeys([["mod+Enter", go]], []);
  return (
    <Group align="end" gap="sm">
      <Select
        aria-label={words.model}
        placeholder={usual(check)}
        data={models.map(({ id, name }) => ({ value: id, label: name }))}
        value={model}
        onChange={setModel}
        clearable
        searchable={models.length > 8}
        w={200}
      />
      <Select
        aria-label={words.splits}
        placeholder={words.allSplits}
        data={SPLITS.map((value) => ({ value, label: common.split[value] }))}
        value={split}
        onChange={setSplit}
        clearable
        w={150}
      />
      <Button
        leftSection={<IconListSearch size={16} aria-hidden />}
        variant={again ? "default" : "filled"}
        loading={start.isPending}
        title={words.key}
        onClick={go}
      >
        {again ? words.again : words.check}
      </Button>
    </Group>
  );
}
