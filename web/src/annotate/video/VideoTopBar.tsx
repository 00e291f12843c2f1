/** Which video this is, the way back to the others, and whether all is stored. */
import { Badge, Tooltip } from "@mantine/core";
import {
  IconArrowLeft,
  IconHistory,
  IconKeyboard,
  IconLayoutSidebarRight,
  IconMoon,
  IconSun,
} from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";

import type { Editor } from "../../canvas";
import { annotate as text } from "../../strings/annotate";
import { video as words } from "../../strings/video";
import css from "../annotate.module.css";
import type { FrameLook } from "../EditorFrame";
import { IconKey } from "../IconKey";
import { SaveBadge } from "../SaveBadge";
import { UndoRedo } from "../TopBar";
import type { VideoEntry } from "./session";

interface Props extends FrameLook {
  readonly projectId: string;
  readonly editor: Editor;
  readonly entry: VideoEntry | undefined;
  /** Why nothing can be changed here; undefined where it can. */
  readonly viewOnly: string | undefined;
  readonly onHelp: () => void;
  readonly onSave: () => void;
  readonly past: { readonly opened: boolean };
  readonly onHistory: () => void;
}

export function VideoTopBar({ projectId, editor, entry, viewOnly, onHelp, onSave, past, onHistory, ...look }: Props) {
  const navigate = useNavigate();
  const back = (): void => void navigate({ to: "/projects/$projectId/videos", params: { projectId } });
  return (
    <div className={css.top}>
      <div className={css.left}>
        <IconKey icon={IconArrowLeft} label={words.back} onClick={back} />
        <span className={css.name} title={entry?.video.name}>
          {entry?.video.name ?? ""}
        </span>
      </div>
      <div className={css.right}>
        {viewOnly === undefined ? (
          <>
            {entry && <SaveBadge queue={entry.queue} onClick={onSave} />}
            <UndoRedo editor={editor} />
          </>
        ) : (
          <Tooltip label={viewOnly} multiline maw={300}>
            <Badge color="gray" fw={500} size="lg" style={{ flex: "none" }}>
              {text.viewOnly}
            </Badge>
          </Tooltip>
        )}
        <span className={css.roomy}>
          <IconKey icon={IconHistory} action="history" active={past.opened} onClick={onHistory} />
        </span>
        <span className={css.roomy}>
          <IconKey icon={IconKeyboard} action="help" onClick={onHelp} />
        </span>
        <span className={css.roomy}>
          <IconKey
            icon={look.dark ? IconSun : IconMoon}
            label={look.dark ? text.toLight : text.toDark}
            onClick={look.onTheme}
          />
        </span>
        <span className={css.panelToggle}>
          <IconKey
            icon={IconLayoutSidebarRight}
            label={look.panel ? text.hidePanel : text.showPanel}
            active={look.panel}
            onClick={look.onPanel}
          />
        </span>
      </div>
    </div>
  );
}
