/** How far this picture is, and the steps from there; a reason is asked for where it is returned. */
import { Button, Group, Textarea, Tooltip } from "@mantine/core";
import { IconArrowBackUp, IconCheck, IconPlayerTrackNext, IconSend } from "@tabler/icons-react";
import { useState } from "react";

import type { Work, WorkAction } from "../../api/types";
import { useSession } from "../../app/session";
import { Time } from "../../components/Time";
import { WorkMark } from "../../features/workflow/WorkMark";
import { agreement } from "../../strings/agreement";
import { annotate } from "../../strings/annotate";
import { common } from "../../strings/common";
import { work as text } from "../../strings/work";
import { IconKey } from "../IconKey";
import { useKeymap } from "../keymap/remembered";
import { focusCanvas } from "../useShortcuts";
import type { Working } from "./useWork";
import own from "./workflow.module.css";

const LOOKS: Partial<Record<WorkAction, { icon: typeof IconSend; label: string; variant: string; color?: string }>> = {
  submit: { icon: IconSend, label: annotate.labels.submit, variant: "filled" },
  accept: { icon: IconCheck, label: annotate.labels.acceptWork, variant: "filled", color: "teal" },
  return: { icon: IconArrowBackUp, label: annotate.labels.returnWork, variant: "default" },
  withdraw: { icon: IconArrowBackUp, label: annotate.labels.withdraw, variant: "default" },
};

export function WorkPanel({ working }: { readonly working: Working }) {
  const me = useSession().data?.id;
  const { work, steps, busy, asking } = working;
  if (work === undefined) return null;
  const who = work.assignee_id === me ? text.you : (work.assignee_name ?? undefined);
  return (
    <section className={own.panel} aria-label={text.title}>
      <div className={own.line}>
        <span className={own.state} data-work-state={work.state} role="status">
          <WorkMark state={work.state} who={who ?? text.nobody} />
        </span>
        <IconKey
          small
          icon={IconPlayerTrackNext}
          action="nextInQueue"
          label={annotate.labels.nextInQueue}
          onClick={working.toNext}
        />
      </div>
      <Twice work={work} me={me} />
      <Reason work={work} />
      {asking ? (
        <Why working={working} />
      ) : (
        steps.length > 0 && (
          <Group gap={6}>
            {steps.map((action) => (
              <StepButton
                key={action}
                action={action}
                busy={busy}
                onClick={() => (action === "return" ? working.askWhy() : working.take(action))}
              />
            ))}
          </Group>
        )
      )}
    </section>
  );
}

/** The actions of the table that do the same; what has none has no key. */
const IDS: Readonly<Partial<Record<WorkAction, string>>> = {
  submit: "submit",
  accept: "acceptWork",
  return: "returnWork",
};

function StepButton({ action, busy, onClick }: { action: WorkAction; busy: boolean; onClick: () => void }) {
  const keymap = useKeymap();
  const look = LOOKS[action];
  if (look === undefined) return null;
  const { icon: Icon, label, ...rest } = look;
  const key = keymap.keyOf(IDS[action] ?? "");
  return (
    <Tooltip label={key === "" ? label : `${label}  (${key})`}>
      <Button
        size="compact-sm"
        {...rest}
        loading={busy}
        leftSection={<Icon size={16} stroke={1.5} aria-hidden />}
        aria-keyshortcuts={key === "" ? undefined : key.replaceAll("Ctrl", "Control")}
        onClick={onClick}
      >
        {text.editor.actions[action]}
      </Button>
    </Tooltip>
  );
}

/** Whether several people label this picture, each for themselves. */
function Twice({ work, me }: { readonly work: Work; readonly me: string | undefined }) {
  if (work.labelers.length === 0) return null;
  const isMine = work.labelers.some(({ user_id }) => user_id === me);
  const names = work.labelers.map(({ name }) => name ?? text.former).join(", ");
  return <p className={own.twice}>{isMine ? agreement.yours : agreement.theirs(names)}</p>;
}

/** Why the picture was returned, who said so and when; until it is submitted again. */
function Reason({ work }: { readonly work: Work }) {
  const back = work.log.find(({ step }) => step === "return" || step === "submit");
  if (back?.step !== "return" || work.state === "accepted" || work.state === "submitted") return null;
  return (
    <div className={own.reason} role="note">
      <p>{back.note}</p>
      <span className={own.by}>
        {back.author_name ?? annotate.somebody}, <Time value={back.created_at} />
      </span>
    </div>
  );
}

function Why({ working }: { readonly working: Working }) {
  const [note, setNote] = useState("");
  const done = (): void => {
    working.dismiss();
    focusCanvas();
  };
  const send = (): void => {
    if (note.trim() === "") return;
    working.take("return", note.trim());
    focusCanvas();
  };
  return (
    <div className={own.why}>
      <Textarea
        autoFocus
        autosize
        minRows={2}
        maxRows={6}
        maxLength={2000}
        label={text.editor.why}
        placeholder={text.editor.whyExample}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") done();
          else if (event.key === "Enter" && !event.shiftKey) send();
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      />
      <Group gap={6} justify="flex-end">
        <Button size="compact-sm" variant="default" onClick={done}>
          {common.cancel}
        </Button>
        <Button size="compact-sm" disabled={note.trim() === ""} loading={working.busy} onClick={send}>
          {text.editor.actions.return}
        </Button>
      </Group>
    </div>
  );
}
