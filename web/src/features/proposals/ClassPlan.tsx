import { Button, NativeSelect, ScrollArea, Stack, Switch, Table, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronDown, IconChevronUp } from "@tabler/icons-react";
import { count, plural } from "../../lib/format";
import { proposals as words } from "../../strings/proposals";
import { CREATE, LEAVE, matches, type Planned } from "./plan";
import { ScoreInput } from "./ScoreInput";

interface Props {
  names: readonly string[];
  here: readonly string[];
  plan: readonly Planned[];
  create: boolean;
  mayCreate: boolean;
  onCreate: (create: boolean) => void;
  own: ReadonlyMap<string, string>;
  onChoose: (own: ReadonlyMap<string, string>) => void;
  /** The least score that holds for a class of the model. */
  scoreOf: (name: string) => number;
  onScore: (name: string, score: number) => void;
}

/** Which classes of the model the project has, and what becomes of the others. */
export function ClassPlan(props: Props) {
  const { names, here, plan, create, mayCreate, onCreate, own, onChoose, scoreOf, onScore } = props;
  const [open, toggle] = useDisclosure(false);
  const found = matches(names, here);
  const all = plural(names.length, "class", "classes");
  return (
    <Stack gap="xs" component="section" aria-label={words.classes}>
      <Title order={3}>{words.classes}</Title>
      <Text size="sm">{found === names.length ? words.matchedAll(all) : words.matched(count(found), all)}</Text>
      {mayCreate && found < names.length && (
        <Switch
          label={words.create}
          description={words.createHint}
          checked={create}
          onChange={(event) => onCreate(event.currentTarget.checked)}
        />
      )}
      <Button
        variant="subtle"
        size="compact-sm"
        style={{ alignSelf: "start" }}
        rightSection={open ? <IconChevronUp size={14} aria-hidden /> : <IconChevronDown size={14} aria-hidden />}
        aria-expanded={open}
        onClick={toggle.toggle}
      >
        {open ? words.hideByClass : words.byClass}
      </Button>
      {open && (
        <ByClass
          mayCreate={mayCreate}
          here={here}
          plan={plan}
          onTarget={(name, to) => onChoose(new Map(own).set(name, to))}
          scoreOf={scoreOf}
          onScore={onScore}
        />
      )}
    </Stack>
  );
}

interface ByClassProps extends Pick<Props, "scoreOf" | "onScore"> {
  mayCreate: boolean;
  here: readonly string[];
  plan: readonly Planned[];
  onTarget: (name: string, target: string) => void;
}

function ByClass({ mayCreate, here, plan, onTarget, scoreOf, onScore }: ByClassProps) {
  return (
    <ScrollArea.Autosize mah={240} type="auto" viewportProps={{ tabIndex: 0 }}>
      <Table layout="fixed" verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{words.modelClass}</Table.Th>
            <Table.Th>{words.here}</Table.Th>
            <Table.Th w={92}>{words.threshold}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {plan.map(({ name, target }) => (
            <Table.Tr key={name}>
              <Table.Td style={{ overflowWrap: "anywhere" }}>{name}</Table.Td>
              <Table.Td>
                <NativeSelect
                  size="xs"
                  aria-label={words.becomes(name)}
                  value={target}
                  onChange={(event) => onTarget(name, event.currentTarget.value)}
                  data={[
                    ...(!mayCreate || here.includes(name) ? [] : [{ value: CREATE, label: words.createOne }]),
                    { value: LEAVE, label: words.leaveOut },
                    ...here.map((one) => ({ value: one, label: one })),
                  ]}
                />
              </Table.Td>
              <Table.Td>
                <ScoreInput
                  label={words.scoreOf(name)}
                  disabled={target === LEAVE}
                  value={scoreOf(name)}
                  onChange={(score) => onScore(name, score)}
                />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea.Autosize>
  );
}
