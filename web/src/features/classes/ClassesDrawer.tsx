import { Drawer } from "@mantine/core";
import { classes as words } from "../../strings/classes";
import { ClassesPanel } from "./ClassesPanel";

interface Props {
  projectId: string;
  opened: boolean;
  onClose: () => void;
}

/** The classes beside the library. */
export function ClassesDrawer({ projectId, opened, onClose }: Props) {
  return (
    <Drawer opened={opened} onClose={onClose} position="right" size="lg" title={words.title}>
      <ClassesPanel projectId={projectId} />
    </Drawer>
  );
}
