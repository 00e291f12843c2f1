import { Button, Modal, Tooltip } from "@mantine/core";
import { useDisclosure, useMediaQuery } from "@mantine/hooks";
import { IconUpload } from "@tabler/icons-react";
import { foreign as words } from "../../strings/foreign";
import { AddModelFlow } from "./AddModelFlow";

/** Add a detector that was trained elsewhere, or one that Boxwright saved. */
export function ImportModel({ projectId }: { projectId: string }) {
  const [opened, { open, close }] = useDisclosure(false);
  const narrow = useMediaQuery("(max-width: 48em)");
  return (
    <>
      <Tooltip label={words.addHint}>
        <Button variant="default" leftSection={<IconUpload size={16} aria-hidden />} onClick={open}>
          {words.add}
        </Button>
      </Tooltip>
      <Modal opened={opened} onClose={close} title={words.title} size="xl" fullScreen={narrow}>
        <AddModelFlow projectId={projectId} onClose={close} />
      </Modal>
    </>
  );
}
