import { Alert, Button, Group, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { messageOf } from "../api/client";
import { common } from "../strings/common";

interface Props {
  error: unknown;
  title?: string;
  onRetry?: (() => unknown) | undefined;
}

/** An error in words a person can act on, with a way to try again. */
export function ErrorBox({ error, title = common.errorTitle, onRetry }: Props) {
  return (
    <Alert color="red" title={title} icon={<IconAlertTriangle aria-hidden />} role="alert" maw={720}>
      <Group justify="space-between" align="end">
        <Text style={{ overflowWrap: "anywhere" }}>{messageOf(error)}</Text>
        {onRetry !== undefined && (
          <Button variant="default" size="compact-sm" onClick={() => onRetry()}>
            {common.retry}
          </Button>
        )}
      </Group>
    </Alert>
  );
}
