import { Paper, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { useSession } from "../../app/session";
import { Page } from "../../components/Page";
import { account as words } from "../../strings/account";
import { PasswordForm } from "./PasswordForm";
import { Sessions } from "./Sessions";
import { Tokens } from "./Tokens";

/** What belongs to the person: password, API tokens, browsers. */
export function AccountPage() {
  const me = useSession().data;
  const local = me?.name === "local";
  return (
    <Page title={words.title} subtitle={local ? words.localHint : me?.name} width={800}>
      <Stack>
        <Section title={words.password} hint={local ? words.noPassword : words.passwordHint}>
          {!local && <PasswordForm />}
        </Section>
        <Section title={words.tokens} hint={words.tokensHint}>
          <Tokens />
        </Section>
        <Section title={words.sessions} hint={words.sessionsHint}>
          <Sessions />
        </Section>
      </Stack>
    </Page>
  );
}

function Section({ title, hint, children }: { title: string; hint: string; children: ReactNode }) {
  return (
    <Paper component="section" aria-label={title}>
      <Title order={2}>{title}</Title>
      <Text size="sm" c="dimmed" mb="sm">
        {hint}
      </Text>
      {children}
    </Paper>
  );
}
