/** What the present tool or the selected shapes offer beside drawing itself: at the lower edge of the picture. */
import { Text } from "@mantine/core";
import {
  IconBoxAlignBottomRight,
  IconBoxMargin,
  IconCircleFilled,
  IconGridDots,
  IconLayersSubtract,
  IconLayersUnion,
  IconMagnet,
  IconMinus,
  IconPlus,
  IconPolygon,
  IconSquareRoundedPlus,
  IconVectorSpline,
} from "@tabler/icons-react";
import { useEffect } from "react";
import type { ReactNode } from "react";

import type { Editor } from "../../canvas";
import { notifyDone } from "../../components/notify";
import { shapes as text } from "../../strings/shapes";
import css from "../annotate.module.css";
import { IconKey } from "../IconKey";
import type { IconKeyProps } from "../IconKey";
import { useAnnotations, useEditor } from "../useEditor";
import { WandOptions } from "./WandOptions";

const { labels, words } = text;

/** Tools whose points come to lie on other shapes where that is wanted. */
const SNAPPING: ReadonlySet<string> = new Set(["polygon", "polyline", "point", "measure"]);

export function Options({ editor }: { readonly editor: Editor }) {
  useEffect(() => editor.on("refused", (why) => notifyDone(text.refused[why])), [editor]);
  const tool = useEditor(editor, (state) => state.tool);
  const hidden = useEditor(editor, (state) => state.readOnly || state.drawing > 0);
  const [masks, polygons] = useSelectedKinds(editor);
  if (hidden) return null;
  if (tool === "box") return <Bar>{<BoxWays editor={editor} />}</Bar>;
  if (tool === "wand") return <Bar>{<WandOptions editor={editor} />}</Bar>;
  if (SNAPPING.has(tool)) return <Bar>{<Snap editor={editor} />}</Bar>;
  const paints = tool === "brush" || tool === "eraser";
  if (!paints && (tool !== "select" || masks + polygons === 0)) return null;
  return (
    <Bar>
      {paints && <BrushWidth editor={editor} />}
      {paints && (
        <IconKey
          small
          icon={IconSquareRoundedPlus}
          label={labels.another}
          word={words.another}
          shortcut="Enter"
          side="top"
          disabled={masks === 0}
          onClick={() => editor.finish()}
        />
      )}
      {!paints && <Combining editor={editor} shapes={masks + polygons} polygons={polygons} />}
      <Group>
        {!paints && polygons > 0 && <Snap editor={editor} />}
        <Turning editor={editor} masks={masks} polygons={polygons} />
      </Group>
    </Bar>
  );
}

/** What becomes of polygons and masks. */
function Turning({ editor, masks, polygons }: { editor: Editor; masks: number; polygons: number }) {
  return (
    <>
      <IconKey
        small
        icon={IconCircleFilled}
        action="fillHoles"
        label={labels.fillHoles}
        word={words.fillHoles}
        side="top"
        disabled={masks + polygons === 0}
        onClick={() => editor.fillHoles()}
      />
      <IconKey
        small
        icon={polygons > 0 ? IconGridDots : IconPolygon}
        action="convert"
        label={polygons === 0 ? labels.toPolygon : masks === 0 ? labels.toMask : labels.convert}
        word={polygons === 0 ? words.toPolygon : words.toMask}
        side="top"
        disabled={masks + polygons === 0}
        onClick={() => editor.convert()}
      />
    </>
  );
}

const Bar = ({ children }: { readonly children: ReactNode }) => (
  <div className={css.options} role="toolbar" aria-label={text.options}>
    {children}
  </div>
);

/** Buttons that stay beside each other where the bar needs two rows, so that none stands alone. */
const Group = ({ children }: { readonly children: ReactNode }) => <span className={css.group}>{children}</span>;

/** How many masks and how many polygons are selected. */
function useSelectedKinds(editor: Editor): [masks: number, polygons: number] {
  useAnnotations(editor);
  const selected = useEditor(editor, (state) => state.selected);
  const types = Array.from(selected, (id) => editor.get(id)?.geometry.type);
  return [types.filter((type) => type === "mask").length, types.filter((type) => type === "polygon").length];
}

function BrushWidth({ editor }: { readonly editor: Editor }) {
  const width = useEditor(editor, (state) => state.brush);
  return (
    <>
      <IconKey
        small
        icon={IconMinus}
        label={labels.narrower}
        shortcut="["
        side="top"
        onClick={() => editor.sizeBrush(-1)}
      />
      <Text size="sm" className={css.figures ?? ""} w={52} ta="center">
        {text.brushWidth(width)}
      </Text>
      <IconKey small icon={IconPlus} label={labels.wider} shortcut="]" side="top" onClick={() => editor.sizeBrush(1)} />
    </>
  );
}

interface CombiningProps {
  readonly editor: Editor;
  /** How many polygons and masks are selected, and how many of them are polygons. */
  readonly shapes: number;
  readonly polygons: number;
}

/** What is done to several shapes, and to outlines. */
function Combining({ editor, shapes, polygons }: CombiningProps) {
  const one = shapes < 2;
  const key = (icon: IconKeyProps["icon"], action: "join" | "subtract", onClick: () => unknown) => (
    <IconKey
      small
      icon={icon}
      action={action}
      word={words[action]}
      side="top"
      disabled={one}
      onClick={() => void onClick()}
    />
  );
  return (
    <>
      <Group>
        {key(IconLayersUnion, "join", () => editor.join())}
        {key(IconLayersSubtract, "subtract", () => editor.subtract())}
      </Group>
      {polygons > 0 && <Simplify editor={editor} />}
    </>
  );
}

/** Doubles or halves the tolerance. */
function Simplify({ editor }: { readonly editor: Editor }) {
  const tolerance = useEditor(editor, (state) => state.tolerance);
  const to = (pixels: number) => () => editor.setTolerance(pixels);
  return (
    <Group>
      <IconKey small icon={IconMinus} label={labels.finer} side="top" onClick={to(tolerance / 2)} />
      <IconKey
        small
        icon={IconVectorSpline}
        label={`${labels.simplify} ${text.tolerance(tolerance)}`}
        action="simplify"
        side="top"
        onClick={() => editor.simplify()}
      />
      <Text size="xs" className={css.figures ?? ""} style={{ whiteSpace: "nowrap" }}>
        {text.tolerance(tolerance)}
      </Text>
      <IconKey small icon={IconPlus} label={labels.coarser} side="top" onClick={to(tolerance * 2)} />
    </Group>
  );
}

function Snap({ editor }: { readonly editor: Editor }) {
  const snap = useEditor(editor, (state) => state.snap);
  return (
    <IconKey
      small
      icon={IconMagnet}
      action="snap"
      label={labels.snap}
      word={words.snap}
      side="top"
      active={snap}
      onClick={() => editor.toggleSnap()}
    />
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
      action="boxWay"
      label={label}
      word={words[name]}
      side="top"
      active={way === name}
      onClick={() => editor.setBoxWay(name)}
    />
  ));
}
