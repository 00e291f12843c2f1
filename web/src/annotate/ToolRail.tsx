/** The tools and what changes the view, at the left edge; at the bottom on narrow screens. */
import {
  IconArrowsMaximize,
  IconBrush,
  IconEraser,
  IconEye,
  IconEyeOff,
  IconHandStop,
  IconPointer,
  IconPolygon,
  IconRotateRectangle,
  IconSparkles,
  IconSquarePlus,
  IconTrash,
  IconZoomIn,
  IconZoomOut,
} from "@tabler/icons-react";
import type { ReactNode } from "react";

import type { Editor } from "../canvas";
import { annotate as text } from "../strings/annotate";
import css from "./annotate.module.css";
import { IconKey } from "./IconKey";
import { MoreTools } from "./MoreTools";
import { useEditor } from "./useEditor";

const { labels } = text;
const TOOLS = [
  { tool: "select", icon: IconPointer },
  { tool: "box", icon: IconSquarePlus },
  { tool: "rotated", icon: IconRotateRectangle },
  { tool: "polygon", icon: IconPolygon },
  { tool: "brush", icon: IconBrush },
  { tool: "eraser", icon: IconEraser },
  { tool: "smart", icon: IconSparkles },
] as const;

interface Props {
  readonly editor: Editor;
  /** What a model can do. */
  readonly children?: ReactNode;
  /** The settings of the view. */
  readonly look: ReactNode;
  /** The tools that there are; all of them by default. */
  readonly only?: ReadonlySet<string>;
}

export function ToolRail({ editor, children, look, only }: Props) {
  const tool = useEditor(editor, (state) => state.tool);
  const readOnly = useEditor(editor, (state) => state.readOnly);
  const allHidden = useEditor(editor, (state) => state.allHidden);
  const vertex = useEditor(editor, (state) => state.vertex !== null);
  const nothing = useEditor(editor, (state) => state.selected.size === 0);
  return (
    <div className={css.rail} role="toolbar" aria-label={text.toolbar}>
      {!readOnly &&
        TOOLS.filter((one) => only?.has(one.tool) ?? true).map(({ tool: name, icon }) => (
          <IconKey
            key={name}
            icon={icon}
            action={name}
            side="right"
            active={tool === name}
            onClick={() => editor.setTool(name)}
          />
        ))}
      {!readOnly && <MoreTools editor={editor} only={only} />}
      <IconKey
        icon={IconHandStop}
        label={labels.pan}
        shortcut="Space"
        side="right"
        active={tool === "pan" || readOnly}
        onClick={() => editor.setTool("pan")}
      />
      {!readOnly && children}
      <div className={css.divider} />
      <div className={css.zoom}>
        <IconKey icon={IconZoomIn} action="zoomIn" side="right" onClick={() => editor.zoom(1.25)} />
        <IconKey icon={IconZoomOut} action="zoomOut" side="right" onClick={() => editor.zoom(0.8)} />
      </div>
      <IconKey icon={IconArrowsMaximize} action="fit" side="right" onClick={() => editor.fit()} />
      <div className={css.divider} />
      <IconKey
        icon={allHidden ? IconEyeOff : IconEye}
        action="hideAll"
        side="right"
        active={allHidden}
        onClick={() => editor.toggleAllHidden()}
      />
      {look}
      {!readOnly && only === undefined && (
        <IconKey
          icon={IconTrash}
          action="remove"
          label={vertex ? labels.removeVertex : labels.remove}
          side="right"
          disabled={nothing}
          onClick={() => editor.removeSelection()}
        />
      )}
    </div>
  );
}
