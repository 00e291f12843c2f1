/** Tools that are used now and then, in one menu of the rail; its button looks like the one that is in the hand. */
import { ActionIcon, Menu, Tooltip } from "@mantine/core";
import {
  IconChevronRight,
  IconCircleDot,
  IconLasso,
  IconOval,
  IconRuler2,
  IconScissors,
  IconShape,
  IconTimeline,
  IconBucketDroplet,
} from "@tabler/icons-react";
import { useState } from "react";

import type { Editor } from "../canvas";
import { annotate as text } from "../strings/annotate";
import { actionById } from "./allActions";
import css from "./annotate.module.css";
import { useKeymap } from "./keymap/remembered";
import { shownKey } from "./keys";
import { useEditor } from "./useEditor";

const MORE = [
  { tool: "ellipse", icon: IconOval },
  { tool: "polyline", icon: IconTimeline },
  { tool: "point", icon: IconCircleDot },
  { tool: "wand", icon: IconBucketDroplet },
  { tool: "scissors", icon: IconLasso },
  { tool: "slice", icon: IconScissors },
  { tool: "measure", icon: IconRuler2 },
] as const;

interface Props {
  readonly editor: Editor;
  readonly only: ReadonlySet<string> | undefined;
}

export function MoreTools({ editor, only }: Props) {
  const keymap = useKeymap();
  const [open, setOpen] = useState(false);
  const tool = useEditor(editor, (state) => state.tool);
  const current = MORE.find((one) => one.tool === tool);
  const Icon = current?.icon ?? IconShape;
  const label = current ? `${text.moreTools}: ${text.tools[current.tool]}` : text.moreTools;
  return (
    <Menu position="right-start" shadow="md" width={300} onChange={setOpen}>
      <Menu.Target>
        <Tooltip label={label} position="right" disabled={open}>
          <ActionIcon
            variant={current ? "filled" : "subtle"}
            color={current ? "ink" : "gray"}
            size="lg"
            aria-label={label}
            className={css.more ?? ""}
          >
            <Icon size={20} stroke={1.5} />
            <IconChevronRight size={10} stroke={2} className={css.corner} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        {MORE.filter((one) => only?.has(one.tool) ?? true).map(({ tool: name, icon: Each }) => (
          <Menu.Item
            key={name}
            leftSection={<Each size={18} stroke={1.5} aria-hidden />}
            rightSection={<span className={css.itemKey}>{shownKey(keymap.keyOf(name))}</span>}
            onClick={() => editor.setTool(name)}
          >
            {actionById.get(name)?.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
