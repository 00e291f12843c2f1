import { ActionIcon, Menu } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconAdjustments, IconDots, IconReportAnalytics, IconTrash } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import type { Model } from "../../api/types";
import { Confirm } from "../../components/Confirm";
import { notifyDone } from "../../components/notify";
import { common } from "../../strings/common";
import { foreign } from "../../strings/foreign";
import { models as words } from "../../strings/models";
import { useStartJob } from "../jobs/useJobs";
import { CorrectModel } from "./CorrectModel";
import { useModelChanges } from "./useModel";

const SPLITS = ["test", "val", "train"] as const;

/** What is done to a model now and then. */
export function ModelMenu({ model }: { model: Model }) {
  const start = useStartJob();
  const { remove } = useModelChanges(model);
  const [correcting, correct] = useDisclosure(false);
  const [asking, ask] = useDisclosure(false);
  const navigate = useNavigate();
  const leave = () => void navigate({ to: "/projects/$projectId/models", params: { projectId: model.project_id } });
  const evaluate = (split: (typeof SPLITS)[number]) =>
    start.mutate(
      { kind: "evaluate", project_id: model.project_id, model_id: model.id, split },
      { onSuccess: () => notifyDone(words.evaluating) },
    );
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label={words.actions(model.name)} loading={start.isPending}>
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {model.task !== "assist" && (
            <>
              <Menu.Label>{words.evaluate}</Menu.Label>
              {SPLITS.map((split) => (
                <Menu.Item
                  key={split}
                  leftSection={<IconReportAnalytics size={16} aria-hidden />}
                  onClick={() => evaluate(split)}
                >
                  {words.evaluateOn(common.split[split])}
                </Menu.Item>
              ))}
              <Menu.Divider />
            </>
          )}
          {model.job_id === null && (
            <Menu.Item leftSection={<IconAdjustments size={16} aria-hidden />} onClick={correct.open}>
              {foreign.correct}
            </Menu.Item>
          )}
          <Menu.Item c="red" leftSection={<IconTrash size={16} aria-hidden />} onClick={ask.open}>
            {words.delete}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <CorrectModel model={model} opened={correcting} onClose={correct.close} />
      <Confirm
        opened={asking}
        title={words.deleteTitle}
        body={words.deleteBody(model.name)}
        action={words.delete}
        busy={remove.isPending}
        onClose={ask.close}
        onConfirm={() => remove.mutate(undefined, { onSuccess: leave })}
      />
    </>
  );
}
