/** Who changed what on this picture and when; a click shows the picture as it was. */
import { review } from "../../strings/review";
import type { Step } from "./log";
import { SavedList } from "./SavedList";
import { useHistory } from "./useHistory";

const { history: text } = review;

interface Props {
  readonly imageId: string;
  readonly shown: Step | null;
  readonly onShow: (step: Step | null) => void;
  readonly onClose: () => void;
}

export function HistoryPanel({ imageId, ...rest }: Props) {
  return <SavedList title={text.title} none={text.none} log={useHistory(imageId)} {...rest} />;
}
