import { ActionIcon, Button, Checkbox, Group, Popover, Stack, Text, TextInput } from "@mantine/core";
import { IconColumns3 } from "@tabler/icons-react";
import { useState } from "react";
import { table as text } from "../../strings/table";

interface Props {
  known: readonly string[];
  shown: readonly string[];
  onShown: (fields: string[]) => void;
}

/** Which metadata fields are columns. */
export function ColumnsMenu({ known, shown, onShown }: Props) {
  const [name, setName] = useState("");
  const wanted = name.trim();
  return (
    <Popover position="bottom-end" withinPortal trapFocus>
      <Popover.Target>
        <ActionIcon size="md" aria-label={text.columns} title={text.columns}>
          <IconColumns3 size={16} aria-hidden />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          <Text size="sm" fw={600}>
            {text.columns}
          </Text>
          {known.map((field) => (
            <Checkbox
              key={field}
              size="xs"
              label={field}
              checked={shown.includes(field)}
              onChange={({ currentTarget: { checked } }) =>
                onShown(checked ? [...shown, field] : shown.filter((other) => other !== field))
              }
            />
          ))}
          <form
            onSubmit={(event) => {
              event.preventDefault();
              if (wanted === "") return;
              onShown([...new Set([...shown, wanted])]);
              setName("");
            }}
          >
            <Group gap="xs" wrap="nowrap">
              <TextInput
                size="xs"
                aria-label={text.another}
                placeholder={text.another}
                maxLength={100}
                value={name}
                onChange={({ currentTarget }) => setName(currentTarget.value)}
              />
              <Button size="xs" type="submit" variant="default" disabled={wanted === ""}>
                {text.add}
              </Button>
            </Group>
          </form>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
