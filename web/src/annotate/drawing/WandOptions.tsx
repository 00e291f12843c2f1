/** What the magic wand does with a click, how far colours may differ, and what areas become. */
import { Text, Tooltip } from "@mantine/core";
import {
  IconGridDots,
  IconMinus,
  IconPlus,
  IconPolygon,
  IconSquare,
  IconSquareMinus,
  IconSquarePlus,
} from "@tabler/icons-react";

import type { Editor } from "../../canvas";
import { shapes as text } from "../../strings/shapes";
import css from "../annotate.module.css";
import { IconKey } from "../IconKey";
import { useEditor } from "../useEditor";

const { labels } = text;
const WAYS = [
  { way: "new", icon: IconSquare, held: "" },
  { way: "add", icon: IconSquarePlus, held: "Shift" },
  { way: "take", icon: IconSquareMinus, held: "Alt" },
] as const;

export function WandOptions({ editor }: { readonly editor: Editor }) {
  const { tolerance, way, shape } = useEditor(editor, ({ wand }) => wand);
  return (
    <>
      {WAYS.map(({ way: name, icon, held }) => (
        <IconKey
          key={name}
          small
          icon={icon}
          label={text.wand.ways[name]}
          word={text.words.wand[name]}
          shortcut={held}
          side="top"
          active={way === name}
          onClick={() => editor.setWand({ way: name })}
        />
      ))}
      <IconKey
        small
        icon={IconMinus}
        label={labels.fewerColours}
        shortcut="["
        side="top"
        onClick={() => editor.sizeTolerance(-1)}
      />
      <Tooltip label={text.wand.tolerance}>
        <Text
          size="sm"
          className={css.figures ?? ""}
          w={32}
          ta="center"
          role="note"
          aria-label={`${text.wand.tolerance}: ${tolerance}`}
        >
          {tolerance}
        </Text>
      </Tooltip>
      <IconKey
        small
        icon={IconPlus}
        label={labels.moreColours}
        shortcut="]"
        side="top"
        onClick={() => editor.sizeTolerance(1)}
      />
      <IconKey
        small
        icon={shape === "mask" ? IconGridDots : IconPolygon}
        label={text.wand.shapes[shape]}
        word={text.words.wandShapes[shape]}
        side="top"
        active={shape === "polygon"}
        onClick={() => editor.setWand({ shape: shape === "mask" ? "polygon" : "mask" })}
      />
    </>
  );
}
