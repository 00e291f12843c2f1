import { Autocomplete, Button, Group, Modal, MultiSelect, Stack, Text, Tooltip } from "@mantine/core";
import type { KeyboardEvent } from "react";
import type { LabelClass } from "../../api/types";
import { ErrorBox } from "../../components/ErrorBox";
import { Lines } from "../../components/Loaded";
import { plural } from "../../lib/format";
import { classChanges as words } from "../../strings/classChanges";
import { common } from "../../strings/common";
import { isNarrowed, type ImageFilter } from "../images/filter";
import library from "../images/images.module.css";
import { AttributeFates } from "./AttributeFates";
import { ChangePreview } from "./ChangePreview";
import { useClassDeeds } from "./changes";
import { listed, objectsOf } from "./said";
import { SplitFields } from "./SplitFields";
import { useAsking, type Asked } from "./useAsking";
import css from "./classes.module.css";

interface Props {
  projectId: string;
  list: readonly LabelClass[];
  asked: Asked;
  /** What a split begins with. */
  filter?: ImageFilter | undefined;
  onClose: () => void;
  onDone?: () => void;
}

/** Shows what a change of classes would touch, and does it. */
export function ChangeDialog(props: Props) {
  const { asked, list, onClose } = props;
  const names = listed(list.filter(({ id }) => asked.ids.includes(id)).map(({ name }) => name));
  const title = asked.images
    ? words.titles.relabel(plural(asked.images.length, "image"))
    : words.titles[asked.kind](names);
  const wide = asked.kind === "split" && asked.images === undefined;
  return (
    <Modal opened onClose={onClose} title={title} size={wide ? "xl" : "lg"}>
      <Form {...props} />
    </Modal>
  );
}

function Form({ projectId, list, asked, filter = {}, onClose, onDone }: Props) {
  const asking = useAsking(projectId, asked, filter);
  const { apply } = useClassDeeds(projectId);
  const { ready, seen } = asking;
  const objects = ready ? objectsOf(ready.preview.total) : 0;
  const able = ready !== null && (asked.kind !== "split" || objects > 0);
  const types = asked.images !== undefined || (asked.kind !== "delete" && asked.into === undefined);
  const go = () => {
    if (!able || apply.isPending) return;
    const done = () => {
      onClose();
      onDone?.();
    };
    // What has changed meanwhile is looked at again before anything is done.
    const again = () => void seen.refetch();
    apply.mutate({ plan: ready.plan, digest: ready.preview.digest }, { onSuccess: done, onError: again });
  };
  return (
    <form
      className={css.asking ?? ""}
      // Where nothing is to be typed, the keys of the dialog work at once.
      tabIndex={-1}
      {...(types ? {} : { "data-autofocus": true })}
      onSubmit={(event) => {
        event.preventDefault();
        go();
      }}
      onKeyDown={(event) => press(event, go)}
    >
      <Stack gap="md">
        <Who list={list} asked={asked} asking={asking} />
        {asking.filtered && (
          <SplitFields projectId={projectId} draft={asking.draft} onDraft={asking.onDraft} given={isNarrowed(filter)} />
        )}
        <Seen asking={asking} />
        <Group justify="end" gap="sm" className={asking.filtered ? (library.filtersFoot ?? "") : ""}>
          <Button variant="default" onClick={onClose}>
            {common.cancel}
          </Button>
          <Tooltip label={`${words.plain[asked.kind]} (${words.actionKey})`}>
            <Button
              type="submit"
              loading={apply.isPending}
              disabled={!able}
              {...(asked.kind === "delete" ? { color: "red" } : {})}
            >
              {objects > 0 ? words.actions[asked.kind](plural(objects, "object")) : words.plain[asked.kind]}
            </Button>
          </Tooltip>
        </Group>
      </Stack>
    </form>
  );
}

/** Enter in a field chooses there; with Ctrl it does the whole. */
function press(event: KeyboardEvent, go: () => void) {
  if (event.key !== "Enter" || event.target instanceof HTMLButtonElement) return;
  if (event.ctrlKey || event.metaKey) go();
  event.preventDefault();
}

interface PartProps {
  asked: Asked;
  asking: ReturnType<typeof useAsking>;
}

/** Which classes, and which one takes their objects. */
function Who({ list, asked, asking }: PartProps & { list: readonly LabelClass[] }) {
  const { ids, into } = asking;
  // Of several classes one can take the objects of the others; one alone has to name another.
  const among = asked.kind === "merge" && ids.length > 1;
  const others = list.filter(({ id }) => among || !ids.includes(id)).map(({ name }) => name);
  return (
    <>
      {asked.renamed === true && <Text size="sm">{words.nameTaken(asked.into ?? "")}</Text>}
      {asked.images && (
        <MultiSelect
          label={words.from}
          data={list.map(({ id, name }) => ({ value: id, label: name }))}
          value={[...ids]}
          onChange={asking.setIds}
          searchable
          hidePickedOptions
          data-autofocus
        />
      )}
      {asked.kind !== "delete" && (
        <Autocomplete
          label={words.into}
          description={words.intoHint}
          data={others}
          value={into}
          onChange={asking.setInto}
          maxLength={200}
          {...(asked.images || asked.into !== undefined ? {} : { "data-autofocus": true })}
        />
      )}
    </>
  );
}

/** What it would touch, or what is missing to say so. */
function Seen({ asking }: Pick<PartProps, "asking">) {
  const { plan, seen, named, ready } = asking;
  if (plan === null) {
    return (
      <Text size="sm" c="dimmed">
        {named ? words.filterMissing : words.intoMissing}
      </Text>
    );
  }
  if (seen.isError) return <ErrorBox error={seen.error} onRetry={() => seen.refetch()} />;
  if (seen.data === undefined) return <Lines rows={4} />;
  return (
    <Stack gap="sm" aria-busy={ready === null}>
      <ChangePreview preview={seen.data} />
      <AttributeFates preview={seen.data} values={asking.values} onValues={asking.setValues} />
    </Stack>
  );
}
