import { Radio, Stack } from "@mantine/core";
import { proposals as words } from "../../strings/proposals";
import type { Scores } from "./plan";
import { ScoreSlider } from "./ScoreSlider";

interface Props {
  scores: Scores;
  /** Whether the model was evaluated, and so has a score for some of its classes. */
  hasOwn: boolean;
  onChange: (scores: Scores) => void;
}

/** From which score on: the model's own, class by class, or one for all. What was set by hand for a class stays. */
export function LeastScore({ scores, hasOwn, onChange }: Props) {
  const slider = (
    <ScoreSlider
      label={words.threshold}
      hint={words.thresholdHint}
      value={scores.one}
      onChange={(one) => onChange({ ...scores, one })}
    />
  );
  if (!hasOwn) return slider;
  return (
    <Stack gap="sm">
      <Radio.Group
        label={words.scores}
        value={scores.own ? "own" : "one"}
        onChange={(value) => onChange({ ...scores, own: value === "own" })}
      >
        <Stack gap="xs" mt={6}>
          <Radio value="own" label={words.ownScores} description={words.ownScoresHint} />
          <Radio value="one" label={words.oneScore} />
        </Stack>
      </Radio.Group>
      {!scores.own && slider}
    </Stack>
  );
}
