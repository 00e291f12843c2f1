/** What can be done with objects beyond the picture they are on, by pointer; each line names its key. */
import { ActionIcon, Menu } from "@mantine/core";
import { IconCheck, IconDotsVertical } from "@tabler/icons-react";

import type { Editor } from "../../canvas";
import { carry as text } from "../../strings/carry";
import type { ActionId, Desk } from "../actions";
import { actionById } from "../allActions";
import css from "../annotate.module.css";
import { useKeymap } from "../keymap/remembered";
import { shownKey } from "../keys";
import { useEditor } from "../useEditor";

/** `selected`: needs something selected. */
const ITEMS: readonly (readonly { readonly id: ActionId; readonly selected?: true }[])[] = [
  [{ id: "copy", selected: true }, { id: "cut", selected: true }, { id: "paste" }, { id: "duplicate", selected: true }],
  [
    { id: "lock", selected: true },
    { id: "lockAll" },
    { id: "isolate" },
    { id: "front", selected: true },
    { id: "forward", selected: true },
    { id: "backward", selected: true },
    { id: "back", selected: true },
  ],
  [{ id: "takePrevious" }, { id: "propagate", selected: true }, { id: "keepPrevious" }],
];

interface Props {
  readonly editor: Editor;
  readonly desk: Desk;
  readonly keeps: boolean;
}

export function ObjectMenu({ editor, desk, keeps }: Props) {
  const keymap = useKeymap();
  const nothing = useEditor(editor, (state) => state.selected.size === 0);
  const readOnly = useEditor(editor, (state) => state.readOnly);
  if (readOnly) return null;
  return (
    <Menu position="bottom-end" shadow="md" width={300}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="md" aria-label={text.menu} title={text.menu}>
          <IconDotsVertical size={16} stroke={1.5} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {ITEMS.map((items, i) => [
          i > 0 && <Menu.Divider key={i} />,
          ...items.map(({ id, selected }) => (
            <Menu.Item
              key={id}
              disabled={selected === true && nothing}
              leftSection={id === "keepPrevious" && keeps ? <IconCheck size={16} stroke={2} aria-hidden /> : undefined}
              rightSection={<span className={css.itemKey}>{shownKey(keymap.keyOf(id))}</span>}
              onClick={() => setTimeout(() => actionById.get(id)?.run(desk))}
            >
              {actionById.get(id)?.label}
            </Menu.Item>
          )),
        ])}
      </Menu.Dropdown>
    </Menu>
  );
}
