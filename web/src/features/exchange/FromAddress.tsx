import { Button, Group, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { exchange as words } from "../../strings/exchange";

/** A dataset that lies elsewhere: at an address of the web, in a bucket, in a folder of the server. */
export function FromAddress({ onAddress }: { onAddress: (source: string) => void }) {
  const [source, setSource] = useState("");
  const given = source.trim();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (given !== "") onAddress(given);
      }}
    >
      <Group align="end" gap="sm" wrap="nowrap">
        <TextInput
          flex={1}
          label={words.address}
          aria-describedby="address-hint"
          placeholder={words.addressExample}
          maxLength={4000}
          spellCheck={false}
          value={source}
          onChange={(event) => setSource(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" disabled={given === ""}>
          {words.fetch}
        </Button>
      </Group>
      <Text id="address-hint" size="sm" c="dimmed" mt={4}>
        {words.addressHint}
      </Text>
    </form>
  );
}
