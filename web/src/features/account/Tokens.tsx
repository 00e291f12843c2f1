import { Alert, Button, Code, CopyButton, Group, Select, Stack, Table, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconCheck, IconCopy, IconKey } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Schemas } from "../../api/client";
import type { ApiToken } from "../../api/types";
import { Confirm } from "../../components/Confirm";
import { Loaded } from "../../components/Loaded";
import { Time } from "../../components/Time";
import { day } from "../../lib/format";
import { WideTable } from "../../components/WideTable";
import { account as words } from "../../strings/account";
import { tokensQuery, useTokenChanges } from "./queries";

const LIVES = Object.entries(words.lives).map(([value, label]) => ({ value, label }));
const STANDARD = "90";

/** The person's API tokens. A new one shows its secret until it is put away, and never again. */
export function Tokens() {
  const tokens = useQuery(tokensQuery);
  const { create } = useTokenChanges();
  return (
    <Stack>
      {create.data === undefined ? (
        <NewToken busy={create.isPending} onCreate={(name, days) => create.mutate({ name, days })} />
      ) : (
        <Secret made={create.data} onDone={create.reset} />
      )}
      <Loaded query={tokens}>
        {(list) => (list.length === 0 ? <Text c="dimmed">{words.tokensEmpty}</Text> : <TokenTable tokens={list} />)}
      </Loaded>
    </Stack>
  );
}

function NewToken({ busy, onCreate }: { busy: boolean; onCreate: (name: string, days: string) => void }) {
  const [name, setName] = useState("");
  const [days, setDays] = useState(STANDARD);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onCreate(name.trim(), days);
      }}
    >
      <Group align="start" gap="sm">
        <TextInput
          style={{ flex: "2 1 200px" }}
          label={words.tokenName}
          description={words.tokenNameHint}
          maxLength={200}
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Select
          style={{ flex: "1 1 140px" }}
          label={words.tokenLife}
          data={LIVES}
          value={days}
          onChange={(value) => setDays(value ?? STANDARD)}
        />
        <Button type="submit" mt={22} loading={busy} disabled={name.trim() === ""}>
          {words.tokenCreate}
        </Button>
      </Group>
    </form>
  );
}

function Secret({ made, onDone }: { made: Schemas["CreatedToken"]; onDone: () => void }) {
  return (
    <Alert color="ink" icon={<IconKey aria-hidden />} title={words.tokenMade(made.name)} role="status">
      <Text mb="sm">{words.tokenOnce}</Text>
      <Code block aria-label={words.tokenValue} style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>
        {made.token}
      </Code>
      <Group mt="sm" gap="sm">
        <CopyButton value={made.token}>
          {({ copied, copy }) => (
            <Button
              leftSection={copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
              onClick={copy}
            >
              {copied ? words.copied : words.copy}
            </Button>
          )}
        </CopyButton>
        <Button variant="default" onClick={onDone}>
          {words.tokenDone}
        </Button>
      </Group>
    </Alert>
  );
}

function TokenTable({ tokens }: { tokens: readonly ApiToken[] }) {
  const columns = words.tokenColumns;
  return (
    <WideTable label={words.tokens} least={320}>
      <Table aria-label={words.tokens}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{columns.name}</Table.Th>
            <Table.Th visibleFrom="sm">{columns.created}</Table.Th>
            <Table.Th>{columns.used}</Table.Th>
            <Table.Th visibleFrom="sm">{columns.expires}</Table.Th>
            <Table.Th w={90} aria-label={words.tokenRevokeShort} />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {tokens.map((token) => (
            <TokenRow key={token.id} token={token} />
          ))}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}

function TokenRow({ token }: { token: ApiToken }) {
  const { revoke } = useTokenChanges();
  const [asking, ask] = useDisclosure(false);
  return (
    <Table.Tr>
      <Table.Td style={{ overflowWrap: "anywhere" }}>
        <Text fw={600}>{token.name}</Text>
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <Time value={token.created_at} />
      </Table.Td>
      <Table.Td>{token.last_used_at === null ? words.never : <Time value={token.last_used_at} />}</Table.Td>
      <Table.Td visibleFrom="sm">{token.expires_at === null ? words.untilRevoked : day(token.expires_at)}</Table.Td>
      <Table.Td>
        <Button variant="default" size="compact-sm" aria-label={words.tokenRevoke(token.name)} onClick={ask.open}>
          {words.tokenRevokeShort}
        </Button>
        <Confirm
          opened={asking}
          title={words.tokenRevokeTitle}
          body={words.tokenRevokeBody(token.name)}
          action={words.tokenRevokeShort}
          busy={revoke.isPending}
          onClose={ask.close}
          onConfirm={() => revoke.mutate(token, { onSettled: ask.close })}
        />
      </Table.Td>
    </Table.Tr>
  );
}
