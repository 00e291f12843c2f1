import { Checkbox } from "@mantine/core";
import { IconSparkles, IconSquare } from "@tabler/icons-react";
import { memo } from "react";
import { urls } from "../../api/queries";
import type { Image } from "../../api/types";
import { baseName, count } from "../../lib/format";
import { common } from "../../strings/common";
import { images as words } from "../../strings/images";
import { map } from "../../strings/map";
import { proposals } from "../../strings/proposals";
import { work } from "../../strings/work";
import { AwayMark } from "../originals/AwayMark";
import { WorkMark } from "../workflow/WorkMark";
import css from "./images.module.css";

export interface Modifiers {
  shift: boolean;
  toggle: boolean;
}

interface Props {
  /** Undefined while it is on its way. */
  image: Image | undefined;
  index: number;
  /** Whose image it is; undefined for nobody's, null where images are not assigned. */
  who: string | null | undefined;
  /** How alike it is, where that is asked for. */
  aside: string | undefined;
  selected: boolean;
  /** Whether Tab reaches this tile; the arrow keys move on from there. */
  current: boolean;
  onPick: (index: number, modifiers: Modifiers) => void;
  onCheck: (index: number, shift: boolean) => void;
}

/** One place of the library: an image, or that it is on its way. A red frame and a word mark those without labels. */
export const ImageTile = memo(function ImageTile(props: Props) {
  const { image, index, selected, current, onPick } = props;
  // One element for both: it keeps the focus when the image comes.
  return (
    <div
      role="gridcell"
      aria-selected={image === undefined ? undefined : selected}
      aria-busy={image === undefined}
      aria-label={image === undefined ? words.coming(count(index + 1)) : spokenOf(image, props)}
      tabIndex={current ? 0 : -1}
      data-index={index}
      data-state={image?.state}
      className={css.tile}
      title={image && `${image.name}\n${image.width} × ${image.height} px\n${common.split[image.split]}`}
      onClick={(event) => onPick(index, { shift: event.shiftKey, toggle: event.ctrlKey || event.metaKey })}
    >
      {image === undefined ? <Coming index={index} /> : <Picture {...props} image={image} />}
    </div>
  );
});

function spokenOf(image: Image, { who, aside }: Props): string {
  const spoken = image.state === "labeled" ? words.boxes(image.annotations) : common.state[image.state];
  const waiting = image.proposals > 0 ? `, ${proposals.waiting(image.proposals)}` : "";
  const worked = isMarked(image, who) ? `, ${work.spoken(who, work.states[image.work_state])}` : "";
  const likeness = aside === undefined ? "" : `, ${map.score(aside)}`;
  return `${image.name}, ${spoken}${waiting}${worked}${likeness}, ${common.split[image.split]}`;
}

/** Whether the tile says whose image it is and how far. */
function isMarked({ work_state }: Image, who: Props["who"]): who is string | undefined {
  return who !== null && (who !== undefined || work_state !== "new");
}

/** The place of an image that is on its way. */
function Coming({ index }: { index: number }) {
  return (
    <>
      <span className={css.picture} />
      <span className={css.caption}>
        <span className={css.note}>{words.place(count(index + 1))}</span>
      </span>
    </>
  );
}

function Picture({ image, index, who, aside, selected, onCheck }: Props & { image: Image }) {
  const note = image.state === "labeled" ? count(image.annotations) : common.state[image.state];
  return (
    <>
      <img
        key={image.id}
        className={css.picture}
        src={urls.thumbnail(image.id, 320)}
        alt=""
        decoding="async"
        draggable={false}
      />
      {image.proposals > 0 && (
        <span className={css.proposals} title={proposals.waiting(image.proposals)} data-count={count(image.proposals)}>
          <IconSparkles size={12} aria-hidden />
        </span>
      )}
      <AwayMark imageId={image.id} className={css.away} />
      {aside !== undefined && <span className={css.aside} title={map.score(aside)} data-count={aside} />}
      {isMarked(image, who) && (
        <span className={css.work} title={work.spoken(who, work.states[image.work_state])}>
          <WorkMark state={image.work_state} who={who} />
        </span>
      )}
      <span className={css.caption}>
        <span className={css.name}>{baseName(image.name)}</span>{" "}
        <span className={css.note} data-state={image.state}>
          {image.state === "labeled" && <IconSquare size={12} aria-hidden />}
          {note}
        </span>
      </span>
      <Checkbox
        className={css.check}
        checked={selected}
        tabIndex={-1}
        aria-label={words.selectImage(image.name)}
        onClick={(event) => {
          event.stopPropagation();
          onCheck(index, event.shiftKey);
        }}
        readOnly
      />
    </>
  );
}
