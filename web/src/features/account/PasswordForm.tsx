import { Button, Group, PasswordInput, SimpleGrid, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api, ApiError, call, messageOf } from "../../api/client";
import { queryClient } from "../../app/queryClient";
import { keys } from "../../api/keys";
import { useSession } from "../../app/session";
import { notifyDone } from "../../components/notify";
import { account as words } from "../../strings/account";

const EMPTY = { current: "", next: "", again: "" };

/** Changing one's own password; what is wrong stands at its field. */
export function PasswordForm() {
  const me = useSession().data;
  const [fields, setFields] = useState(EMPTY);
  const change = useMutation({
    meta: { quiet: true },
    mutationFn: () =>
      call(api.PUT("/api/v1/session/password", { body: { current: fields.current, new: fields.next } })),
    onSuccess: () => {
      setFields(EMPTY);
      notifyDone(words.changed);
      void queryClient.invalidateQueries({ queryKey: keys.sessions });
    },
  });
  const differ = fields.again !== "" && fields.again !== fields.next;
  const { error } = change;
  const code = error instanceof ApiError ? error.code : "";
  const wrong = code === "password_wrong" ? messageOf(error) : null;
  const weak = code === "password_invalid" ? messageOf(error) : null;
  const set = (name: keyof typeof EMPTY) => (event: React.ChangeEvent<HTMLInputElement>) => {
    const { value } = event.currentTarget;
    change.reset();
    setFields((old) => ({ ...old, [name]: value }));
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!differ) change.mutate();
      }}
    >
      <Stack gap="sm">
        {/* Password managers look for whose password this is. */}
        <input hidden readOnly autoComplete="username" value={me?.name ?? ""} />
        <PasswordInput
          label={words.current}
          autoComplete="current-password"
          value={fields.current}
          error={wrong}
          onChange={set("current")}
        />
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <PasswordInput
            label={words.next}
            description={words.nextHint}
            autoComplete="new-password"
            value={fields.next}
            error={weak}
            onChange={set("next")}
          />
          <PasswordInput
            label={words.again}
            autoComplete="new-password"
            value={fields.again}
            error={differ ? words.differ : null}
            onChange={set("again")}
          />
        </SimpleGrid>
        {error !== null && wrong === null && weak === null && (
          <Text c="red" role="alert">
            {messageOf(error)}
          </Text>
        )}
        <Group justify="end">
          <Button
            type="submit"
            loading={change.isPending}
            disabled={fields.current === "" || fields.next === "" || fields.again !== fields.next}
          >
            {words.change}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
