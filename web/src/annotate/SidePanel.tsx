/** Beside the picture: whose it is, what is said about it, its classes or its history, and its objects. */
import type { ReactNode } from "react";

import { annotate as text } from "../strings/annotate";
import type { Desk } from "./actions";
import css from "./annotate.module.css";
import { AttributePanel } from "./attributes/AttributePanel";
import type { Describing } from "./attributes/useDescribing";
import { ObjectMenu } from "./carry/ObjectMenu";
import { ClassList } from "./ClassList";
import { CommentPanel } from "./comments/CommentPanel";
import type { Commenting } from "./comments/useComments";
import { HistoryPanel } from "./history/HistoryPanel";
import type { Past } from "./history/usePast";
import { MetadataPanel } from "./metadata/MetadataPanel";
import { OriginalRow } from "./metadata/OriginalRow";
import { ObjectList } from "./ObjectList";
import { ReviewPanel } from "./review/ReviewPanel";
import { TagPanel } from "./tags/TagPanel";
import type { Classes } from "./useClasses";
import type { Looked } from "./useImageState";
import type { useEntry } from "./usePictures";
import type { Working } from "./workflow/useWork";
import { WorkPanel } from "./workflow/WorkPanel";

interface Props {
  readonly imageId: string;
  readonly desk: Desk;
  readonly classes: Classes;
  readonly past: Past;
  readonly looked: Looked;
  readonly opened: ReturnType<typeof useEntry>;
  readonly working: Working;
  readonly commenting: Commenting;
  readonly describing: Describing;
  /** Whether an image that one comes to begins with the objects of the one before. */
  readonly keeps: boolean;
  /** Whether the class is asked for after each shape. */
  /** The filter of the objects. */
  readonly filter: ReactNode;
  readonly asks: boolean;
  readonly onAsks: (asks: boolean) => void;
}

export function SidePanel({
  imageId,
  desk,
  classes,
  past,
  looked,
  opened,
  working,
  commenting,
  describing,
  keeps,
  filter,
  asks,
  onAsks,
}: Props) {
  const { editor } = desk;
  return (
    <aside className={css.panel} aria-label={text.panel}>
      <WorkPanel working={working} />
      <CommentPanel commenting={commenting} always={working.reviewed} />
      {past.opened ? (
        <HistoryPanel imageId={imageId} shown={past.step} onShow={past.show} onClose={past.close} />
      ) : (
        <>
          <ClassList editor={editor} classes={classes} asks={asks} onAsks={onAsks} />
          <ReviewPanel editor={editor} classes={classes} />
        </>
      )}
      {opened.data && <TagPanel image={opened.data.image} editor={editor} />}
      {opened.data && <MetadataPanel image={opened.data.image} editor={editor} />}
      {opened.data && <OriginalRow image={opened.data.image} />}
      <AttributePanel editor={editor} classes={classes} describing={describing} />
      <ObjectList
        editor={editor}
        classes={classes}
        looked={looked}
        isLoading={opened.isPending}
        failed={opened.isError}
        onHistory={desk.history}
        menu={
          <span className={css.keys}>
            {filter}
            <ObjectMenu editor={editor} desk={desk} keeps={keeps} />
          </span>
        }
      />
    </aside>
  );
}
