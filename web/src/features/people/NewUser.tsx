import { Button, Group, Paper, PasswordInput, SimpleGrid, Stack, Switch, TextInput, Title } from "@mantine/core";
import { useState } from "react";
import { ApiError, messageOf } from "../../api/client";
import { ErrorBox } from "../../components/ErrorBox";
import { common } from "../../strings/common";
import { people as words } from "../../strings/people";
import { useUserChanges } from "./mutations";

const NAME_PROBLEMS: readonly string[] = ["name_invalid", "name_taken"];
const PASSWORD_PROBLEMS: readonly string[] = ["password_invalid"];

/** A new user; the first one is an administrator unless one decides otherwise. What is wrong stands at its field. */
export function NewUser({ first, onDone }: { first: boolean; onDone: () => void }) {
  const { create } = useUserChanges();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [admin, setAdmin] = useState(first);
  const code = create.error instanceof ApiError ? create.error.code : "";
  const message = create.error === null ? null : messageOf(create.error);
  const placed = [...NAME_PROBLEMS, ...PASSWORD_PROBLEMS].includes(code);
  return (
    <Paper component="section" aria-label={words.addTitle}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate({ name: name.trim(), password, admin }, { onSuccess: onDone });
        }}
      >
        <Stack>
          <Title order={2}>{words.addTitle}</Title>
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <TextInput
              label={words.name}
              description={words.nameHint}
              autoComplete="off"
              maxLength={100}
              autoFocus
              value={name}
              error={NAME_PROBLEMS.includes(code) ? message : null}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <PasswordInput
              label={words.password}
              description={words.passwordHint}
              autoComplete="new-password"
              value={password}
              error={PASSWORD_PROBLEMS.includes(code) ? message : null}
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
          </SimpleGrid>
          <Switch
            label={words.admin}
            description={words.adminHint}
            checked={admin}
            onChange={(event) => setAdmin(event.currentTarget.checked)}
          />
          {create.error !== null && !placed && <ErrorBox error={create.error} title={words.addFailed} />}
          <Group justify="end" gap="sm">
            <Button variant="default" onClick={onDone}>
              {common.cancel}
            </Button>
            <Button type="submit" loading={create.isPending} disabled={name.trim() === "" || password === ""}>
              {words.add}
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}
