/** Which picture this is, the way to the others, and whether all is stored. */
import { Badge, NativeSelect, Tooltip } from "@mantine/core";
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconArrowLeft,
  IconChevronLeft,
  IconChevronRight,
  IconHistory,
  IconKeyboard,
  IconLayoutSidebarRight,
  IconMoon,
  IconPhotoSearch,
  IconSun,
} from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";

import { api, call } from "../api/client";
import { keys } from "../api/keys";
import { imageQuery } from "../api/queries";
import { show } from "../api/show";
import type { Image, Split } from "../api/types";
import type { Editor } from "../canvas";
import { useMay } from "../features/people/useMay";
import { annotate as text } from "../strings/annotate";
import { common } from "../strings/common";
import css from "./annotate.module.css";
import type { Past } from "./history/usePast";
import { IconKey } from "./IconKey";
import { SaveBadge } from "./SaveBadge";
import type { Entry } from "./session";
import { useEditor } from "./useEditor";
import type { Pictures } from "./usePictures";
import { focusCanvas } from "./useShortcuts";

const SPLITS: readonly Split[] = ["train", "val", "test", "none"];

interface Props {
  readonly projectId: string;
  readonly editor: Editor;
  readonly entry: Entry | undefined;
  /** Whether the image could not be opened. */
  readonly failed: boolean;
  readonly pictures: Pictures;
  /** Why nothing can be changed here; undefined where it can. */
  readonly viewOnly: string | undefined;
  readonly dark: boolean;
  readonly panel: boolean;
  readonly onTheme: () => void;
  readonly onPanel: () => void;
  readonly onHelp: () => void;
  readonly onSave: () => void;
  readonly onAlike: () => void;
  readonly past: Past;
  readonly onHistory: () => void;
}

export function TopBar(props: Props) {
  const { projectId, editor, entry, pictures, dark } = props;
  const navigate = useNavigate();
  const back = (): void =>
    void navigate({ to: "/projects/$projectId/images", params: { projectId }, search: pictures.filter });
  return (
    <div className={css.top}>
      <div className={css.left}>
        <IconKey icon={IconArrowLeft} label={text.back} onClick={back} />
        {entry && (
          <>
            <span className={css.name} title={entry.image.name}>
              {entry.image.name}
            </span>
            <SplitSelect image={entry.image} />
          </>
        )}
      </div>
      <Steps pictures={pictures} />
      <div className={css.right}>
        {props.viewOnly === undefined ? (
          <>
            {!props.failed && <SaveBadge queue={entry?.queue} onClick={props.onSave} />}
            <UndoRedo editor={editor} />
          </>
        ) : (
          <Tooltip label={props.viewOnly} multiline maw={300}>
            <Badge color="gray" fw={500} size="lg" style={{ flex: "none" }}>
              {text.viewOnly}
            </Badge>
          </Tooltip>
        )}
        <span className={css.roomy}>
          <IconKey icon={IconPhotoSearch} action="alike" onClick={props.onAlike} />
        </span>
        <span className={css.roomy}>
          <IconKey icon={IconHistory} action="history" active={props.past.opened} onClick={props.onHistory} />
        </span>
        <span className={css.roomy}>
          <IconKey icon={IconKeyboard} action="help" onClick={props.onHelp} />
        </span>
        <span className={css.roomy}>
          <IconKey icon={dark ? IconSun : IconMoon} label={dark ? text.toLight : text.toDark} onClick={props.onTheme} />
        </span>
        <span className={css.panelToggle}>
          <IconKey
            icon={IconLayoutSidebarRight}
            label={props.panel ? text.hidePanel : text.showPanel}
            active={props.panel}
            onClick={props.onPanel}
          />
        </span>
      </div>
    </div>
  );
}

function Steps({ pictures: { neighbours, next, previous, go } }: { readonly pictures: Pictures }) {
  const { position, total = 0, more } = neighbours ?? {};
  const out = more === true ? text.atLeast(total) : text.outside(total);
  const place = typeof position === "number" ? text.of(position, total) : out;
  return (
    <div className={css.middle}>
      <IconKey
        icon={IconChevronLeft}
        action="previous"
        disabled={previous === null}
        onClick={() => void go("previous")}
      />
      <span className={css.position}>{neighbours ? place : ""}</span>
      <IconKey icon={IconChevronRight} action="next" disabled={next === null} onClick={() => void go("next")} />
    </div>
  );
}

export function UndoRedo({ editor }: { readonly editor: Editor }) {
  const canUndo = useEditor(editor, ({ canUndo: can, drawing }) => can || drawing > 0);
  const canRedo = useEditor(editor, (state) => state.canRedo);
  return (
    <>
      <IconKey icon={IconArrowBackUp} action="undo" disabled={!canUndo} onClick={() => editor.undo()} />
      <IconKey icon={IconArrowForwardUp} action="redo" disabled={!canRedo} onClick={() => editor.redo()} />
    </>
  );
}

function SplitSelect({ image }: { readonly image: Image }) {
  const client = useQueryClient();
  const may = useMay(image.project_id);
  const fresh = useQuery(imageQuery(image.id)).data ?? image;
  const change = useMutation({
    mutationFn: (split: Split) =>
      call(api.PATCH("/api/v1/images/{image_id}", { params: { path: { image_id: image.id } }, body: { split } })),
    onSuccess: (updated) => show(client, keys.image(image.id), updated),
  });
  return (
    <NativeSelect
      className={css.roomy}
      size="xs"
      aria-label={text.splitOf}
      style={{ flex: "none" }}
      data={SPLITS.map((value) => ({ value, label: common.split[value] }))}
      disabled={!may("manage")}
      title={may.why("manage")}
      value={change.isPending ? change.variables : fresh.split}
      onChange={(event) => {
        change.mutate(event.currentTarget.value as Split);
        focusCanvas();
      }}
    />
  );
}
