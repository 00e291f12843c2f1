import { ActionIcon, Checkbox, UnstyledButton } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconPencil } from "@tabler/icons-react";
import type { KeyboardEvent, ReactNode } from "react";
import { urls } from "../../api/queries";
import type { Image } from "../../api/types";
import { count, day, exact } from "../../lib/format";
import { common } from "../../strings/common";
import { images as words } from "../../strings/images";
import { table as text } from "../../strings/table";
import type { Order } from "../images/filter";
import type { Listing } from "../images/listing";
import { NOTHING, type Selection } from "../images/selection";
import { useMarking, type Select } from "../images/useMarking";
import { useRows } from "../images/useRows";
import { Cell } from "./Cell";
import { AwayMark } from "../originals/AwayMark";
import { ColumnsMenu } from "./ColumnsMenu";
import { knownFields, nextOrder, sortOf, type Sorted } from "./columns";
import css from "./table.module.css";

interface Props {
  projectId: string;
  listing: Listing;
  /** Those that are here: their fields are offered as columns. */
  here: readonly Image[];
  /** Names the list, so that its place is found again when one comes back to it. */
  place: string;
  order: Order | undefined;
  onOrder: (order: Order | undefined) => void;
  fields: readonly string[];
  onFields: (fields: string[]) => void;
  selection: Selection;
  onSelect: Select;
  onOpen: ((image: Image) => void) | undefined;
  /** Delete, where no field is being written. */
  onDelete: () => void;
  mayWrite: boolean;
  /** What stands below the last row. */
  foot?: ReactNode;
}

const HEIGHT = 48;

/** The library as a table: what is known of each image, and its metadata, which are written in place. */
export function ImageTable(props: Props) {
  const { listing, here, place, order, onOrder, fields, onFields, selection, onSelect, onDelete, foot } = props;
  const { length, more } = listing;
  const { scroll, name, body, visible, laid } = useRows({
    place,
    items: length,
    perRow: 1,
    height: HEIGHT,
    covered: true,
    onSee: listing.see,
  });
  const { check, all } = useMarking(listing, selection, onSelect);
  const columns = `36px 64px minmax(140px, 2fr) 100px 110px 72px 120px 110px ${"minmax(120px, 1.5fr) ".repeat(fields.length)}40px`;
  const head = { order, onOrder };
  return (
    <div
      ref={scroll}
      data-scroll-restoration-id={name}
      className={css.scroll}
      data-testid="library-table"
      onKeyDown={(event) => {
        if (event.key === "Delete" && selection.ids.size > 0 && !(event.target instanceof HTMLTextAreaElement))
          onDelete();
        else if (event.key === "Escape") onSelect(() => NOTHING);
        else if (asksAll(event)) {
          event.preventDefault();
          all();
        }
      }}
    >
      <div role="table" aria-label={text.title} aria-rowcount={more ? -1 : length + 1} className={css.table}>
        <div role="row" className={css.head} style={{ gridTemplateColumns: columns }}>
          <span role="columnheader" aria-label={text.select} />
          <span role="columnheader" aria-label={text.picture} />
          <Head {...head} column="name" label={text.name} />
          <span role="columnheader">{text.split}</span>
          <span role="columnheader">{text.state}</span>
          <Head {...head} column="objects" label={text.objects} right />
          <Head {...head} column="size" label={text.size} right />
          <Head {...head} column="added" label={text.added} />
          {fields.map((name) => (
            <span role="columnheader" key={name} title={name}>
              {name}
            </span>
          ))}
          <span role="columnheader" aria-label={text.columns}>
            <ColumnsMenu known={knownFields(here, fields, text.usual)} shown={fields} onShown={onFields} />
          </span>
        </div>
        <div ref={body} role="rowgroup" className={css.body} style={{ height: laid }}>
          {visible.map(({ index, top }) => {
            const image = listing.at(index);
            return (
              <div
                key={index}
                role="row"
                aria-rowindex={index + 2}
                aria-busy={image === undefined}
                aria-selected={image && selection.ids.has(image.id)}
                className={css.row}
                style={{ gridTemplateColumns: columns, transform: `translateY(${top}px)`, height: HEIGHT }}
              >
                {image === undefined ? (
                  <Coming index={index} />
                ) : (
                  <Row key={image.id} {...props} image={image} index={index} onCheck={(shift) => check(index, shift)} />
                )}
              </div>
            );
          })}
        </div>
      </div>
      {foot}
    </div>
  );
}

const asksAll = ({ key, ctrlKey, metaKey, target }: KeyboardEvent): boolean =>
  key === "a" &&
  (ctrlKey || metaKey) &&
  !(target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && target.type === "text"));

/** The place of an image that is on its way. */
function Coming({ index }: { index: number }) {
  return (
    <>
      <span role="cell" />
      <span role="cell" className={css.picture} />
      <span role="cell" className={css.coming}>
        {words.place(count(index + 1))}
      </span>
    </>
  );
}

interface HeadProps {
  order: Order | undefined;
  onOrder: (order: Order | undefined) => void;
  column: Sorted;
  label: string;
  right?: boolean;
}

function Head({ order, onOrder, column, label, right }: HeadProps) {
  const sort = sortOf(column, order);
  return (
    <span role="columnheader" aria-sort={sort} data-right={right}>
      <UnstyledButton
        className={css.sort ?? ""}
        onClick={() => onOrder(nextOrder(column, order))}
        title={text.sortBy(label)}
      >
        {label}
        {sort === "ascending" && <IconArrowUp size={14} aria-hidden />}
        {sort === "descending" && <IconArrowDown size={14} aria-hidden />}
      </UnstyledButton>
    </span>
  );
}

type RowProps = Pick<Props, "projectId" | "fields" | "selection" | "onOpen" | "mayWrite"> & {
  image: Image;
  index: number;
  onCheck: (shift: boolean) => void;
};

function Row({ projectId, image, index, fields, selection, onOpen, mayWrite, onCheck }: RowProps) {
  const open = onOpen === undefined ? undefined : () => onOpen(image);
  return (
    <>
      <span role="cell">
        <Checkbox
          size="xs"
          checked={selection.ids.has(image.id)}
          aria-label={words.selectImage(image.name)}
          onClick={(event) => onCheck(event.shiftKey)}
          readOnly
        />
      </span>
      <span role="cell">
        <img className={css.picture} src={urls.thumbnail(image.id, 160)} alt="" draggable={false} />
      </span>
      <span role="cell" title={image.name} className={css.named}>
        {open === undefined ? (
          <span className={css.text}>{image.name}</span>
        ) : (
          <UnstyledButton className={css.name ?? ""} onClick={open}>
            {image.name}
          </UnstyledButton>
        )}
        <AwayMark imageId={image.id} className={css.away} />
      </span>
      <span role="cell" className={css.text}>
        {common.split[image.split]}
      </span>
      <span role="cell" className={css.text}>
        {common.state[image.state]}
      </span>
      <span role="cell" className={css.number}>
        {count(image.annotations)}
      </span>
      <span role="cell" className={css.number}>
        {image.width} × {image.height}
      </span>
      <span role="cell" className={css.text} title={exact(image.created_at)}>
        {day(image.created_at)}
      </span>
      {fields.map((name, column) => (
        <span role="cell" key={name} className={css.cell}>
          <Cell projectId={projectId} image={image} name={name} place={`${index}-${column}`} mayWrite={mayWrite} />
        </span>
      ))}
      <span role="cell">
        {open !== undefined && (
          <ActionIcon size="md" aria-label={text.open(image.name)} title={text.open(image.name)} onClick={open}>
            <IconPencil size={14} aria-hidden />
          </ActionIcon>
        )}
      </span>
    </>
  );
}
