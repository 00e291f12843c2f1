import { Button, Center, Code, Stack, Text, Title } from "@mantine/core";
import { IconMapOff } from "@tabler/icons-react";
import { Component, type ReactNode } from "react";
import { ApiError, messageOf } from "../api/client";
import { Empty } from "../components/Empty";
import { common } from "../strings/common";
import { LinkButton } from "../components/links";

/** What is left of a page after an error in its code. */
export function Crash({ error }: { error: unknown }) {
  if (error instanceof ApiError && error.status === 404) return <NotFound />;
  return (
    <Center p="xl" mih="60vh">
      <Stack role="alert" maw={640}>
        <Title order={1}>{common.crashTitle}</Title>
        <Text>{common.crashBody}</Text>
        <Code block>{messageOf(error)}</Code>
        <Button onClick={() => window.location.reload()} style={{ alignSelf: "start" }}>
          {common.reload}
        </Button>
      </Stack>
    </Center>
  );
}

/** An address that leads nowhere. */
export function NotFound() {
  return (
    <Empty
      icon={IconMapOff}
      title={common.notFoundTitle}
      action={<LinkButton to="/projects">{common.toProjects}</LinkButton>}
    >
      {common.notFoundBody}
    </Empty>
  );
}

/** Catches errors outside the router, so that the window is never blank. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    return this.state.error === null ? this.props.children : <Crash error={this.state.error} />;
  }
}
