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
  IconScissors,
  IconSparkles,
  IconSquarePlus,
  IconTrash,
  IconZoomIn,
  IconZoomOut,
} from "@tabler/icons-react";
import type { ReactNode } from "react";

import type { Editor } from "../canvas";
import { annotate as text } from "../strings/annotate";
import { assist } from "../strings/assist";
import { shapes } from "../strings/shapes";
import { keyOf } from "./actions";
import css from "./annotate.module.css";
import { IconKey } from "./IconKey";
import { useEditor } from "./useEditor";

const { labels } = text;
const TOOLS = [
  { tool: "select", icon: IconPointer, label: labels.select },
  { tool: "box", icon: IconSquarePlus, label: labels.box },
  { tool: "rotated", icon: IconRotateRectangle, label: shapes.labels.rotated },
  { tool: "polygon", icon: IconPolygon, label: labels.polygon },
  { tool: "brush", icon: IconBrush, label: shapes.labels.brush },
  { tool: "eraser", icon: IconEraser, label: shapes.labels.eraser },
  { tool: "smart", icon: IconSparkles, label: assist.labels.smart },
  { tool: "slice", icon: IconScissors, label: shapes.labels.slice },
  { tool: "pan", icon: IconHandStop, label: labels.pan },
] as const;

interface Props {
  readonly editor: Editor;
  /** What a model can do. */
  readonly children: ReactNode;
}

export function ToolRail({ editor, children }: Props) {
  const tool = useEditor(editor, (state) => state.tool);
  const readOnly = useEditor(editor, (state) => state.readOnly);
  const allHidden = useEditor(editor, (state) => state.allHidden);
  const vertex = useEditor(editor, (state) => state.vertex !== null);
  const nothing = useEditor(editor, (state) => state.selected.size === 0);
  return (
    <div className={css.rail} role="toolbar" aria-label={text.toolbar}>
      {TOOLS.filter(({ tool: name }) => name === "pan" || !readOnly).map(({ tool: name, icon, label }) => (
        <IconKey
          key={name}
          icon={icon}
          label={label}
          shortcut={name === "pan" ? "Space" : keyOf(label)}
          side="right"
          active={tool === name || readOnly}
          onClick={() => editor.setTool(name)}
        />
      ))}
      {!readOnly && children}
      <div className={css.divider} />
      <div className={css.zoom}>
        <IconKey icon={IconZoomIn} label={labels.zoomIn} shortcut="+" side="right" onClick={() => editor.zoom(1.25)} />
        <IconKey icon={IconZoomOut} label={labels.zoomOut} shortcut="-" side="right" onClick={() => editor.zoom(0.8)} />
      </div>
      <IconKey icon={IconArrowsMaximize} label={labels.fit} shortcut="F" side="right" onClick={() => editor.fit()} />
      <div className={css.divider} />
      <IconKey
        icon={allHidden ? IconEyeOff : IconEye}
        label={labels.hideAll}
        shortcut={keyOf(labels.hideAll)}
        side="right"
        active={allHidden}
        onClick={() => editor.toggleAllHidden()}
      />
      {!readOnly && (
        <IconKey
          icon={IconTrash}
          label={vertex ? labels.removeVertex : labels.remove}
          shortcut="Delete"
          side="right"
          disabled={nothing}
          onClick={() => editor.removeSelection()}
        />
      )}
    </div>
  );
}
