import { Stack, Table, Text } from "@mantine/core";
import { WideTable } from "../../components/WideTable";
import { count } from "../../lib/format";
import { classChanges as words } from "../../strings/classChanges";
import type { Preview } from "./changes";
import { remarksOf } from "./said";
import css from "./classes.module.css";

/** What a change would touch: numbers by class and state, and what else becomes of them. */
export function ChangePreview({ preview }: { preview: Preview }) {
  const part = preview.kind === "split";
  const rows = preview.classes.map((one) => ({ ...one, key: one.class_id }));
  const together = {
    key: "all",
    name: words.all,
    counts: preview.total,
    tracks: preview.tracks,
    left: rows.reduce((sum, { left }) => sum + left, 0),
  };
  return (
    <Stack gap="xs">
      <WideTable label={words.preview} least={360}>
        <Table className={css.preview ?? ""}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{words.preview}</Table.Th>
              <Table.Th ta="right">{words.annotations}</Table.Th>
              <Table.Th ta="right">{words.proposals}</Table.Th>
              {preview.tracks > 0 && <Table.Th ta="right">{words.tracks}</Table.Th>}
              <Table.Th ta="right">{words.imagesRow}</Table.Th>
              {part && <Table.Th ta="right">{words.left}</Table.Th>}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {[...rows, ...(rows.length > 1 ? [together] : [])].map(({ key, name, counts, tracks, left }) => (
              <Table.Tr key={key} fw={key === "all" ? 600 : 400}>
                <Table.Th scope="row" fw="inherit" style={{ maxWidth: 200, overflowWrap: "anywhere" }}>
                  {name}
                </Table.Th>
                <Table.Td ta="right" className="number">
                  {count(counts.manual + counts.accepted)}
                </Table.Td>
                <Table.Td ta="right" className="number">
                  {count(counts.proposals)}
                </Table.Td>
                {preview.tracks > 0 && (
                  <Table.Td ta="right" className="number">
                    {count(tracks)}
                  </Table.Td>
                )}
                <Table.Td ta="right" className="number">
                  {count(counts.images)}
                </Table.Td>
                {part && (
                  <Table.Td ta="right" className="number">
                    {count(left)}
                  </Table.Td>
                )}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
      <ul className={css.remarks}>
        {remarksOf(preview).map((line) => (
          <Text key={line} component="li" size="sm">
            {line}
          </Text>
        ))}
      </ul>
    </Stack>
  );
}
