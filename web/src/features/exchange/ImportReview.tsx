import {
  Alert,
  Badge,
  Button,
  Group,
  ScrollArea,
  Select,
  SimpleGrid,
  Stack,
  Switch,
  Table,
  Text,
  Title,
} from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { count, plural } from "../../lib/format";
import { common } from "../../strings/common";
import { exchange as words } from "../../strings/exchange";
import { ClassMap } from "./ClassMap";
import { importFormats } from "./formats";
import { withoutSplit, type ImportOptions } from "./importOptions";
import type { ImportReport, Problem } from "./report";
import { ReportFile } from "./ReportFile";

interface Props {
  projectId: string;
  jobId: string;
  report: ImportReport;
  options: ImportOptions;
  busy: boolean;
  /** Whether the images can stay where they lie. */
  mayStay: boolean;
  onOptions: (options: ImportOptions) => void;
  onAgain: () => void;
  onImport: () => void;
  onReset: () => void;
}

/** The report of a dry run and what has to be decided before the import. */
export function ImportReview(props: Props) {
  const { projectId, jobId, report, options, busy, mayStay, onOptions, onAgain, onImport, onReset } = props;
  const formats = words.formats as Readonly<Record<string, string>>;
  return (
    <Stack>
      <section aria-label={words.reportTitle}>
        <Title order={3}>{words.reportTitle}</Title>
        <Text role="status">
          {words.found(
            formats[report.format] ?? report.format,
            plural(report.images, "image"),
            plural(report.annotations, "annotation"),
            plural(report.classes.length, "class", "classes"),
          )}
          {report.proposals > 0 && ` ${words.proposals(plural(report.proposals, "proposal"))}`}
        </Text>
        <Text>
          {words.wouldChange(
            plural(report.images_added, "image"),
            count(report.images_updated),
            count(report.images_skipped),
          )}
        </Text>
        <Group gap="xs" mt="xs">
          {Object.entries(report.splits).map(([split, images]) => (
            <Badge key={split} color="gray">
              {splitName(split)} {count(images)}
            </Badge>
          ))}
        </Group>
        {report.notes.map((note) => (
          <Text key={note} size="sm" c="dimmed" mt="xs">
            {note}
          </Text>
        ))}
      </section>
      <Problems report={report} />
      <ReportFile jobId={jobId} />
      {report.classes.length > 0 && (
        <ClassMap projectId={projectId} report={report} options={options} onOptions={onOptions} />
      )}
      <Options report={report} options={options} onOptions={onOptions} />
      {report.format === "labelstudio" && (
        <Switch
          label={words.predictions}
          description={words.predictionsHint}
          checked={options.predictions}
          onChange={(event) => onOptions({ ...options, predictions: event.currentTarget.checked })}
        />
      )}
      {mayStay && (
        <Switch
          label={words.byReference}
          description={words.byReferenceHint}
          checked={options.by_reference}
          onChange={(event) => onOptions({ ...options, by_reference: event.currentTarget.checked })}
        />
      )}
      <Group justify="end" gap="sm">
        <Button variant="subtle" onClick={onReset} mr="auto">
          {words.otherFile}
        </Button>
        <Button variant="default" onClick={onAgain} disabled={busy}>
          {words.readAgain}
        </Button>
        <Button onClick={onImport} loading={busy} disabled={report.images === 0} data-autofocus>
          {words.startImport(plural(report.images, "image"))}
        </Button>
      </Group>
    </Stack>
  );
}

function splitName(split: string): string {
  return (common.split as Readonly<Record<string, string>>)[split] ?? split;
}

function Problems({ report }: { report: ImportReport }) {
  if (report.problem_count === 0) {
    return (
      <Alert color="green" icon={<IconCheck aria-hidden />} py="xs">
        {words.noProblems}
      </Alert>
    );
  }
  const total = report.problem_count;
  const rest = total - report.problems.length;
  return (
    <section aria-label={words.problems(count(total))}>
      <Title order={3}>{words.problems(plural(total, "thing"))}</Title>
      <ScrollArea.Autosize mah={260} type="auto" viewportProps={FOCUSABLE}>
        <Table stickyHeader layout="fixed">
          <Table.Thead>
            <Table.Tr>
              <Table.Th w="30%" visibleFrom="sm">
                {words.file}
              </Table.Th>
              <Table.Th>{words.what}</Table.Th>
              <Table.Th w={112}>{words.action}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {report.problems.slice(0, 300).map((problem, index) => (
              <ProblemRow key={index} problem={problem} />
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea.Autosize>
      {rest > 0 && (
        <Text size="sm" c="dimmed">
          {words.moreProblems(count(rest))}
        </Text>
      )}
    </section>
  );
}

/** The keyboard scrolls the list of problems, too. */
const FOCUSABLE = { tabIndex: 0 };

function ProblemRow({ problem }: { problem: Problem }) {
  const file = problem.line === null ? problem.file : `${problem.file}:${problem.line}`;
  return (
    <Table.Tr>
      <Table.Td style={{ overflowWrap: "anywhere" }} visibleFrom="sm">
        {file}
      </Table.Td>
      <Table.Td style={{ overflowWrap: "anywhere" }}>
        {problem.message}
        <Text size="xs" c="dimmed" hiddenFrom="sm">
          {file}
        </Text>
      </Table.Td>
      <Table.Td>{words.actions[problem.action]}</Table.Td>
    </Table.Tr>
  );
}

type PartProps = Pick<Props, "report" | "options" | "onOptions">;

function choices<T extends string>(labels: Readonly<Record<T, string>>): { value: T; label: string }[] {
  return (Object.keys(labels) as T[]).map((value) => ({ value, label: labels[value] }));
}

function Options({ report, options, onOptions }: PartProps) {
  const loose = withoutSplit(report);
  const set = (change: Partial<ImportOptions>) => onOptions({ ...options, ...change });
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
      <Select
        label={words.policy}
        data={choices(words.policies)}
        value={options.policy}
        onChange={(policy) => policy !== null && set({ policy })}
      />
      <Select
        label={words.defaultSplit}
        description={loose === 0 ? words.allHaveSplit : words.haveNoSplit(plural(loose, "image"))}
        data={choices(common.splitChoices)}
        value={options.default_split}
        onChange={(default_split) => default_split !== null && set({ default_split })}
      />
      <Select
        label={words.format}
        data={importFormats()}
        searchable
        maxDropdownHeight={320}
        value={options.format}
        onChange={(format) => format !== null && set({ format })}
      />
      <Select
        label={words.frame}
        description={words.frameHint}
        data={choices(words.frames)}
        value={options.frame}
        onChange={(frame) => frame !== null && set({ frame })}
      />
    </SimpleGrid>
  );
}
