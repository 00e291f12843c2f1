import { Modal } from "@mantine/core";
import { exchange as words } from "../../strings/exchange";
import { ImportFlow } from "./ImportFlow";

interface Props {
  projectId: string;
  opened: boolean;
  /** A file that was dropped on the page; the dialog begins with it. */
  file: File | null;
  onClose: () => void;
}

/** Bring a dataset in: upload, look at what is in it, decide, import. */
export function ImportDialog({ projectId, opened, file, onClose }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title={words.importTitle} size="xl">
      <ImportFlow projectId={projectId} file={file} onClose={onClose} />
    </Modal>
  );
}
