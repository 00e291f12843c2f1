import { Button, Menu, Text } from "@mantine/core";
import { useDisclosure, useHotkeys } from "@mantine/hooks";
import { IconBookmark, IconBookmarkFilled, IconPencil } from "@tabler/icons-react";
import { useState } from "react";
import { views as words } from "../../strings/views";
import { useMay } from "../people/useMay";
import { viewFilter, type ImageFilter } from "./filter";
import css from "./images.module.css";
import { useViews } from "./useViews";
import { ViewsDialog } from "./ViewsDialog";

interface Props {
  projectId: string;
  filter: ImageFilter;
  onChange: (filter: ImageFilter) => void;
}

/** The saved views of the project, to be opened; and the way to save and change them. */
export function ViewsMenu({ projectId, filter, onChange }: Props) {
  const [opened, setOpened] = useState(false);
  const [changing, dialog] = useDisclosure(false);
  const { query, active } = useViews(projectId, filter);
  const may = useMay(projectId);
  useHotkeys([["V", () => setOpened(true)]]);
  const found = query.data ?? [];
  return (
    <>
      <Menu opened={opened} onChange={setOpened} position="bottom-start">
        <Menu.Target>
          <Button
            variant={active === undefined ? "default" : "light"}
            leftSection={<IconBookmark size={16} aria-hidden />}
            title={words.open}
            aria-keyshortcuts={words.key}
          >
            <Text span inherit truncate maw={160}>
              {active?.name ?? words.button}
            </Text>
          </Button>
        </Menu.Target>
        <Menu.Dropdown className={css.views ?? ""}>
          {found.length === 0 && <Menu.Label>{words.none}</Menu.Label>}
          {found.map((view) => (
            <Menu.Item
              key={view.id}
              aria-current={view === active}
              leftSection={
                view === active ? <IconBookmarkFilled size={16} aria-hidden /> : <IconBookmark size={16} aria-hidden />
              }
              onClick={() => onChange(viewFilter(view))}
            >
              {view.name}
            </Menu.Item>
          ))}
          {may("annotate") && (
            <>
              <Menu.Divider />
              <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={dialog.open}>
                {words.change}
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      <ViewsDialog projectId={projectId} filter={filter} opened={changing} onClose={dialog.close} onOpen={onChange} />
    </>
  );
}
