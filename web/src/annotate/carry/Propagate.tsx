/** Asks into how many of the next images the selected objects are put. */
import { Button, Group, Modal, NumberInput, Text } from "@mantine/core";

import type { Editor } from "../../canvas";
import { carry as text } from "../../strings/carry";
import { common } from "../../strings/common";
import { useRemembered } from "../useRemembered";
import { focusCanvas } from "../useShortcuts";
import type { Carry } from "./useCarry";

const MOST = 200;

interface Props {
  readonly carry: Carry;
  readonly editor: Editor;
}

export function Propagate({ carry, editor }: Props) {
  const [images, setImages] = useRemembered<number>("boxwright.editor.propagate", 5);
  const close = (): void => {
    carry.ask(false);
    focusCanvas();
  };
  return (
    <Modal opened={carry.asking} onClose={close} title={text.propagateTitle} size="sm">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          close();
          void carry.propagate(Math.max(1, Math.min(images, MOST)));
        }}
      >
        <Text size="sm" c="dimmed" mb="sm">
          {text.propagateHint(editor.selected.size)}
        </Text>
        <NumberInput
          data-autofocus
          label={text.images}
          min={1}
          max={MOST}
          clampBehavior="strict"
          allowDecimal={false}
          value={images}
          onChange={(value) => setImages(Number(value) || 1)}
        />
        <Group justify="flex-end" gap="sm" mt="md">
          <Button variant="default" onClick={close}>
            {common.cancel}
          </Button>
          <Button type="submit">{text.propagate}</Button>
        </Group>
      </form>
    </Modal>
  );
}
