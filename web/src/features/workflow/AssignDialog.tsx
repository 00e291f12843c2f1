import { Button, Checkbox, Group, Modal, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Image } from "../../api/types";
import { agreement as twiceWords } from "../../strings/agreement";
import { common } from "../../strings/common";
import { work } from "../../strings/work";
import type { ImageFilter } from "../images/filter";
import { useAssignTwice } from "./useAgreement";
import { countOf, OPEN, queueQuery, useAssign, usePeople, type Person } from "./useWork";
import css from "./work.module.css";

const { assign: words } = work;

interface Props {
  projectId: string;
  /** The selected images; without them all that the filter shows. */
  images?: readonly Image[] | undefined;
  filter?: ImageFilter;
  /** Says which images, where they are not selected ones. */
  which?: string;
  opened: boolean;
  onClose: () => void;
  onDone?: () => void;
}

/** Choose who gets some images: one person, several in equal parts, or nobody. */
export function AssignDialog({ projectId, opened, onClose, ...rest }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title={words.title}>
      {opened && <Choice projectId={projectId} onClose={onClose} {...rest} />}
    </Modal>
  );
}

function Choice({ projectId, images, filter = {}, which, onClose, onDone }: Omit<Props, "opened">) {
  const { able } = usePeople(projectId);
  const queue = useQuery(queueQuery(projectId)).data;
  const [chosen, choose] = useState<readonly string[]>([]);
  const once = useAssign(projectId);
  const both = useAssignTwice(projectId);
  const [twice, setTwice] = useState(false);
  const to = able.filter(({ id }) => chosen.includes(id));
  const assign = twice && to.length > 1 ? both : once;
  const send = (people: readonly Person[]) =>
    (people.length > 1 ? assign : once).mutate(
      { people, images, filter },
      {
        onSuccess: () => {
          onClose();
          onDone?.();
        },
      },
    );
  const share =
    images !== undefined && to.length > 1 && !twice ? `, ${words.each(Math.round(images.length / to.length))}` : "";
  return (
    <Stack gap="sm">
      <Text>
        {images === undefined ? (which ?? words.filtered) : words.chosen(images.length)}
        {share}
      </Text>
      {able.length === 0 && <Text c="dimmed">{words.none}</Text>}
      <Checkbox.Group label={words.people} value={[...chosen]} onChange={choose}>
        <div className={css.people}>
          {able.map(({ id, name }, place) => (
            <Checkbox
              key={id}
              value={id}
              className={css.person}
              label={
                <>
                  {name}{" "}
                  <Text span c="dimmed" size="sm">
                    {words.has(countOf(queue, id, OPEN))}
                  </Text>
                </>
              }
              {...(place === 0 ? { "data-autofocus": true } : {})}
            />
          ))}
        </div>
      </Checkbox.Group>
      <Text size="sm" c="dimmed">
        {words.hint}
      </Text>
      <Checkbox
        className={css.twice}
        label={twiceWords.twice}
        description={twiceWords.twiceHint}
        checked={twice}
        disabled={to.length < 2}
        onChange={(event) => setTwice(event.currentTarget.checked)}
      />
      <Group justify="space-between">
        <Button variant="subtle" color="gray" loading={assign.isPending && to.length === 0} onClick={() => send([])}>
          {words.nobody}
        </Button>
        <Group gap="sm">
          <Button variant="default" onClick={onClose}>
            {common.cancel}
          </Button>
          <Button disabled={to.length === 0} loading={assign.isPending && to.length > 0} onClick={() => send(to)}>
            {words.action}
          </Button>
        </Group>
      </Group>
    </Stack>
  );
}
