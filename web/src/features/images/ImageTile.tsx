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
  image: Image;
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

/** One image of the library. A red frame and a word mark those without labels. */
export const ImageTile = memo(function ImageTile({
  image,
  index,
  who,
  aside,
  selected,
  current,
  onPick,
  onCheck,
}: Props) {
  const note = image.state === "labeled" ? count(image.annotations) : common.state[image.state];
  const spoken = image.state === "labeled" ? words.boxes(image.annotations) : common.state[image.state];
  const waiting = image.proposals > 0 ? `, ${proposals.waiting(image.proposals)}` : "";
  const isMarked = who !== null && (who !== undefined || image.work_state !== "new");
  const worked = isMarked ? `, ${work.spoken(who, work.states[image.work_state])}` : "";
  const likeness = aside === undefined ? "" : `, ${map.score(aside)}`;
  return (
    <div
      role="gridcell"
      aria-selected={selected}
      aria-label={`${image.name}, ${spoken}${waiting}${worked}${likeness}, ${common.split[image.split]}`}
      tabIndex={current ? 0 : -1}
      data-index={index}
      data-state={image.state}
      className={css.tile}
      title={`${image.name}\n${image.width} × ${image.height} px\n${common.split[image.split]}`}
      onClick={(event) => onPick(index, { shift: event.shiftKey, toggle: event.ctrlKey || event.metaKey })}
    >
      <img
        className={css.picture}
        src={urls.thumbnail(image.id, 320)}
        alt=""
        loading="lazy"
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
      {isMarked && (
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
    </div>
  );
});
