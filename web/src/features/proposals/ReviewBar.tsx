import { Box, Button, Text } from "@mantine/core";
import { IconCheck, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { classesQuery, countsQuery } from "../../api/queries";
import { Confirm } from "../../components/Confirm";
import { plural } from "../../lib/format";
import { common } from "../../strings/common";
import { proposals as words } from "../../strings/proposals";
import { isNarrowed, withFilter, type ImageFilter } from "../images/filter";
import css from "../images/images.module.css";
import { ScoreSlider } from "./ScoreSlider";
import { useReview } from "./useProposals";

interface Props {
  projectId: string;
  filter: ImageFilter;
}

type Action = "accept" | "reject";
const JUST_BELOW = 1e-9;

/** Accept or reject by score what the filter "To review" shows: the whole project, a split, a class. */
export function ReviewBar({ projectId, filter }: Props) {
  const [score, setScore] = useState(0.5);
  const [asking, ask] = useState<Action | null>(null);
  const counts = useQuery(countsQuery(projectId)).data;
  const classes = useQuery(classesQuery(projectId));
  const review = useReview(projectId);
  if (counts === undefined || counts.to_review === 0) return null;
  // What is done to many takes a class and a split and minds nothing else.
  const narrowed = isNarrowed(withFilter(filter, { state: undefined, class: undefined }));
  const figure = score.toFixed(2);
  const name = classes.data?.find(({ id }) => id === filter.class)?.name;
  const those =
    (asking === "reject" ? words.those.below(figure) : words.those.from(figure)) +
    (name === undefined ? "" : words.those.ofClass(name)) +
    (filter.split === undefined ? "" : words.those.inSplit(common.split[filter.split]));
  const send = (action: Action) => {
    const bound = action === "accept" ? { min_score: score } : { max_score: Math.max(0, score - JUST_BELOW) };
    const where = { class_id: filter.class ?? null, split: filter.split ?? null };
    review.mutate({ action, ...where, ...bound }, { onSettled: () => ask(null) });
  };
  return (
    <div className={css.bar} role="toolbar" aria-label={words.bar}>
      <Text size="sm" fw={600} className="number" mr="auto">
        {words.barCount(plural(counts.proposals, "proposal"), plural(counts.to_review, "image"))}
      </Text>
      {narrowed ? (
        <Text size="sm" c="dimmed">
          {words.narrowed}
        </Text>
      ) : (
        <>
          <Box w={{ base: "100%", xs: 200 }}>
            <ScoreSlider label={words.score} value={score} onChange={setScore} />
          </Box>
          <Button variant="default" leftSection={<IconCheck size={16} aria-hidden />} onClick={() => ask("accept")}>
            {words.acceptFrom(figure)}
          </Button>
          <Button variant="default" leftSection={<IconX size={16} aria-hidden />} onClick={() => ask("reject")}>
            {words.rejectBelow(figure)}
          </Button>
        </>
      )}
      <Confirm
        opened={asking !== null}
        title={asking === "reject" ? words.rejectTitle : words.acceptTitle}
        body={asking === "reject" ? words.rejectBody(those) : words.acceptBody(those)}
        action={asking === "reject" ? words.reject : words.accept}
        {...(asking === "accept" ? { color: "ink" } : {})}
        busy={review.isPending}
        onClose={() => ask(null)}
        onConfirm={() => asking !== null && send(asking)}
      />
    </div>
  );
}
