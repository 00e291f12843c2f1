import { Button, Menu, Text } from "@mantine/core";
import { IconFiles, IconFolder, IconUpload } from "@tabler/icons-react";
import { useRef } from "react";
import { fromInput, type Picked } from "../../lib/files";
import { images as words } from "../../strings/images";

interface Props {
  onFiles: (files: Picked[]) => void;
  hint: string;
}

/** Choose files, or a folder with all it holds. */
export function UploadButton({ onFiles, hint }: Props) {
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const take = (input: HTMLInputElement) => {
    if (input.files !== null && input.files.length > 0) onFiles(fromInput(input.files));
    input.value = "";
  };
  return (
    <>
      <Menu>
        <Menu.Target>
          <Button leftSection={<IconUpload size={16} aria-hidden />} style={{ flex: "none" }} aria-label={words.upload}>
            <Text span inherit visibleFrom="xs">
              {words.upload}
            </Text>
            <Text span inherit hiddenFrom="xs">
              {words.uploadShort}
            </Text>
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{hint}</Menu.Label>
          <Menu.Item leftSection={<IconFiles size={16} />} onClick={() => files.current?.click()}>
            {words.uploadFiles}
          </Menu.Item>
          <Menu.Item leftSection={<IconFolder size={16} />} onClick={() => folder.current?.click()}>
            {words.uploadFolder}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <input
        ref={files}
        type="file"
        multiple
        hidden
        accept="image/*,.heic,.tif,.tiff,.zip,.tar,.tgz"
        aria-label={words.uploadFiles}
        onChange={(event) => take(event.currentTarget)}
      />
      <input
        ref={folder}
        type="file"
        multiple
        hidden
        aria-label={words.uploadFolder}
        {...{ webkitdirectory: "" }}
        onChange={(event) => take(event.currentTarget)}
      />
    </>
  );
}
