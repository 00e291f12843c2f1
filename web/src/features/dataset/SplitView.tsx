import { Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Loaded } from "../../components/Loaded";
import { notifyDone } from "../../components/notify";
import { Section } from "../../components/Section";
import { dataset } from "../../strings/dataset";
import { Guarded } from "../people/Guarded";
import css from "./dataset.module.css";
import { LeakList } from "./LeakList";
import { FIRST_PLAN } from "./plan";
import { PlanForm } from "./PlanForm";
import { PlanPreview } from "./PlanPreview";
import { historyQuery, type Change, type Plan } from "./queries";
import { SplitHistory } from "./SplitHistory";

const words = dataset.split;

/** A plan beside what it would do; below it what leaks, and what was done before. */
export function SplitView({ projectId }: { projectId: string }) {
  const history = useQuery(historyQuery(projectId));
  return <Loaded query={history}>{(changes) => <Planning projectId={projectId} changes={changes} />}</Loaded>;
}

function Planning({ projectId, changes }: { projectId: string; changes: readonly Change[] }) {
  // As last time, so that new images are dealt out as the others were.
  const [plan, setPlan] = useState<Plan>(() => {
    const last = changes.find((change) => change.plan && change.plan.deal !== "nothing")?.plan;
    return last ? { ...last, deal: "new", mend: false } : FIRST_PLAN;
  });
  const mend = () => {
    setPlan({ ...plan, deal: "nothing", mend: true });
    notifyDone(dataset.leaks.planned);
    window.scrollTo({ top: 0 });
  };
  return (
    <Stack gap="md">
      <div className={css.planning}>
        <Section title={words.plan}>
          <Guarded projectId={projectId} deed="manage">
            <PlanForm plan={plan} onChange={setPlan} />
          </Guarded>
        </Section>
        <Section title={words.preview}>
          <PlanPreview projectId={projectId} plan={plan} onApplied={() => setPlan({ ...plan, mend: false })} />
        </Section>
      </div>
      <LeakList projectId={projectId} onMend={mend} />
      <SplitHistory projectId={projectId} changes={changes} />
    </Stack>
  );
}
