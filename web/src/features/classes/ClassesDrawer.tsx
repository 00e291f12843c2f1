import { Drawer } from "@mantine/core";
import { classes as words } from "../../strings/classes";
import type { ImageFilter } from "../images/filter";
import { ClassesPanel } from "./ClassesPanel";

interface Props {
  projectId: string;
  /** What the library shows: a split begins with it. */
  filter: ImageFilter;
  opened: boolean;
  onClose: () => void;
}

/** The classes beside the library. */
export function ClassesDrawer({ projectId, filter, opened, onClose }: Props) {
  return (
    <Drawer opened={opened} onClose={onClose} position="right" size="lg" title={words.title}>
      <ClassesPanel projectId={projectId} filter={filter} />
    </Drawer>
  );
}
