import {
  Alert,
  Button,
  Center,
  Code,
  Divider,
  Loader,
  Paper,
  PasswordInput,
  Stack,
  Text,
  TextInput,
  Title,
} from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { ApiError, messageOf } from "../api/client";
import { signInQuery } from "../api/queries";
import { ErrorBox } from "../components/ErrorBox";
import { useTitle } from "../components/Page";
import { shell } from "../strings/shell";
import { Logo } from "./Logo";
import { signIn, signInProblem } from "./session";

/** Shown to a browser that is not signed in: name and password, or how to get the link. */
export function SignInPage() {
  useTitle(shell.signInTitle);
  const ways = useQuery(signInQuery);
  const { accounts, local } = ways.data ?? { accounts: false, local: false };
  return (
    <Center component="main" mih="100dvh" p="md">
      <Paper w={accounts ? 400 : 520} maw="100%" p="xl">
        <Stack>
          <Stack gap="sm" align="start">
            <Logo size={36} />
            <Title order={1}>{shell.signInTitle}</Title>
          </Stack>
          {signInProblem !== null && (
            <Alert color="red" title={shell.signInFailed} role="alert">
              {signInProblem}
            </Alert>
          )}
          {ways.isPending && <Loader role="img" aria-label={shell.signInChecking} />}
          {ways.isError && <ErrorBox error={ways.error} onRetry={() => ways.refetch()} />}
          {accounts && <PasswordEntry />}
          {accounts && local && <Divider label={shell.signInByLink} />}
          {ways.data !== undefined && (local || !accounts) && <LinkExplained />}
        </Stack>
      </Paper>
    </Center>
  );
}

function LinkExplained() {
  return (
    <>
      <Text>
        {shell.signInBefore} <Code>{shell.signInCommand}</Code> {shell.signInAfter}
      </Text>
      <Code block>{shell.signInExample}</Code>
      <Text c="dimmed">{shell.signInAgain}</Text>
    </>
  );
}

function PasswordEntry() {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const enter = useMutation({
    meta: { quiet: true },
    mutationFn: () => signIn(name.trim(), password),
    onError: () => setPassword(""),
  });
  const wait = useCountdown(waitOf(enter.error), enter.submittedAt);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        enter.mutate();
      }}
    >
      <Stack>
        {enter.error !== null && (
          <Alert color={wait > 0 ? "orange" : "red"} role="alert">
            {wait > 0 ? shell.signInWait(wait) : problemOf(enter.error)}
          </Alert>
        )}
        <TextInput
          label={shell.signInName}
          autoComplete="username"
          autoFocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <PasswordInput
          label={shell.signInPassword}
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" loading={enter.isPending} disabled={name.trim() === "" || password === "" || wait > 0}>
          {shell.signInAction}
        </Button>
        <Text size="sm" c="dimmed">
          {shell.signInForgotten}
        </Text>
      </Stack>
    </form>
  );
}

/** How long the server asks to wait after too many attempts, in seconds. */
export function waitOf(error: unknown): number {
  if (!(error instanceof ApiError) || error.code !== "too_many_attempts") return 0;
  const seconds = error.detail["retry_after"];
  return typeof seconds === "number" ? Math.ceil(seconds) : 60;
}

function problemOf(error: unknown): string {
  if (!(error instanceof ApiError)) return messageOf(error);
  if (error.code === "sign_in_failed") return shell.signInWrong;
  return error.code === "too_many_attempts" ? shell.signInNow : error.message;
}

/** Seconds that are left of `seconds` since `start`. */
function useCountdown(seconds: number, start: number): number {
  const [now, setNow] = useState(start);
  useEffect(() => {
    if (seconds === 0) return undefined;
    const timer = window.setInterval(() => setNow(Date.now()), 1000);
    return () => window.clearInterval(timer);
  }, [seconds, start]);
  return Math.max(0, Math.ceil(seconds - (Math.max(now, start) - start) / 1000));
}
