import { Button, Stack, Text } from "@mantine/core";
import { ProgressBar } from "../../components/ProgressBar";
import { common } from "../../strings/common";

interface Props {
  label: string;
  share: number;
  onStop: () => void;
}

/** Files on their way to the server, and the button that breaks it off: whoever closes the dialog does so, too. */
export function Sending({ label, share, onStop }: Props) {
  return (
    <Stack gap="sm" role="status">
      <Text style={{ overflowWrap: "anywhere" }}>{label}</Text>
      <ProgressBar label={label} done={share} total={1} />
      <Button variant="default" onClick={onStop} style={{ alignSelf: "flex-end" }}>
        {common.cancel}
      </Button>
    </Stack>
  );
}
