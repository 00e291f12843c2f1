/** The settings of the view, at the tool rail. */
import { useMediaQuery } from "@mantine/hooks";
import { IconAdjustments } from "@tabler/icons-react";

import { isPlain } from "../../canvas";
import type { Editor } from "../../canvas";
import { look as text } from "../../strings/look";
import { KeyPopover } from "../KeyPopover";
import { useEditor } from "../useEditor";
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
    <KeyPopover
      icon={IconAdjustments}
      action="look"
      side="right"
      active={opened || !plain}
      title={text.title}
      opened={opened}
      onOpen={onOpen}
      position={narrow ? "top" : "right-end"}
      width={300}
      most={narrow ? "46dvh" : "calc(100dvh - 72px)"}
    >
      <Looking editor={editor} />
    </KeyPopover>
  );
}
