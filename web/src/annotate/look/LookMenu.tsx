/** The settings of the view, at the tool rail. */
import { Popover } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconAdjustments } from "@tabler/icons-react";

import { isPlain } from "../../canvas";
import type { Editor } from "../../canvas";
import { look as text } from "../../strings/look";
import { IconKey } from "../IconKey";
import { useEditor } from "../useEditor";
import { focusCanvas } from "../useShortcuts";
import { Looking } from "./Looking";

interface Props {
  readonly editor: Editor;
  readonly opened: boolean;
  readonly onOpen: (opened: boolean) => void;
}

export function LookMenu({ editor, opened, onOpen }: Props) {
  const narrow = useMediaQuery("(max-width: 61.99em)");
  const plain = useEditor(editor, ({ looks }) => isPlain(looks));
  return (
    <Popover
      opened={opened}
      onChange={onOpen}
      onClose={focusCanvas}
      position={narrow ? "top" : "right-end"}
      width={300}
      trapFocus
      withRoles={false}
      shadow="md"
    >
      <Popover.Target>
        <span>
          <IconKey
            icon={IconAdjustments}
            action="look"
            side="right"
            active={opened || !plain}
            expanded={opened}
            onClick={() => onOpen(!opened)}
          />
        </span>
      </Popover.Target>
      <Popover.Dropdown
        role="dialog"
        aria-label={text.title}
        mah={narrow ? "46dvh" : "calc(100dvh - 72px)"}
        style={{ overflowY: "auto" }}
      >
        {opened && <Looking editor={editor} />}
      </Popover.Dropdown>
    </Popover>
  );
}
