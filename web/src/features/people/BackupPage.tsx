import { Button, Code, Paper, Stack, Text, Title } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { urls } from "../../api/queries";
import { NotFound } from "../../app/Crash";
import { useSession } from "../../app/session";
import { notifyDone } from "../../components/notify";
import { Page } from "../../components/Page";
import { backup as words } from "../../strings/backup";

/** The whole installation as one file, and what to do with it; for administrators. */
export function BackupPage() {
  if (useSession().data?.admin !== true) return <NotFound />;
  return (
    <Page title={words.title} width={800}>
      <Stack gap="md">
        <Paper>
          <Stack align="start">
            <Text>{words.body}</Text>
            <Text>{words.secret}</Text>
            <Button
              component="a"
              href={urls.backup}
              download
              leftSection={<IconDownload size={16} aria-hidden />}
              onClick={() => notifyDone(words.started)}
            >
              {words.download}
            </Button>
          </Stack>
        </Paper>
        <Commands title={words.restoreTitle} body={words.restore} commands={words.restoreCommand} />
        <Commands title={words.shellTitle} body={words.shell} commands={words.shellCommand} />
      </Stack>
    </Page>
  );
}

function Commands({ title, body, commands }: { title: string; body: string; commands: string }) {
  return (
    <Paper component="section" aria-label={title}>
      <Title order={2} mb="sm">
        {title}
      </Title>
      <Text mb="sm">{body}</Text>
      <Code block style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>
        {commands}
      </Code>
    </Paper>
  );
}
