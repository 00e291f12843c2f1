/** What the present tool offers beside drawing itself: at the lower edge of the picture. */
import { IconBoxAlignBottomRight, IconBoxMargin } from "@tabler/icons-react";

import type { Editor } from "../../canvas";
import { shapes as text } from "../../strings/shapes";
import css from "../annotate.module.css";
import { IconKey } from "../IconKey";
import { useEditor } from "../useEditor";
import { drawingKey } from "./actions";

const { labels } = text;

export function Options({ editor }: { readonly editor: Editor }) {
  const tool = useEditor(editor, (state) => state.tool);
  const hidden = useEditor(editor, (state) => state.readOnly || state.drawing > 0);
  if (hidden || tool !== "box") return null;
  return (
    <div className={css.options} role="toolbar" aria-label={text.options}>
      <BoxWays editor={editor} />
    </div>
  );
}

function BoxWays({ editor }: { readonly editor: Editor }) {
  const way = useEditor(editor, (state) => state.boxWay);
  const ways = [
    { name: "corners", icon: IconBoxAlignBottomRight, label: labels.corners },
    { name: "extremes", icon: IconBoxMargin, label: labels.extremes },
  ] as const;
  return ways.map(({ name, icon, label }) => (
    <IconKey
      key={name}
      small
      icon={icon}
      label={label}
      shortcut={drawingKey(labels.boxWay)}
      side="top"
      active={way === name}
      onClick={() => editor.setBoxWay(name)}
    />
  ));
}
