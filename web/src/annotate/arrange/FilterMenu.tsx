/** Which objects the list, and the picture where that is wanted, shows. */
import { Button, Input, NativeSelect, Slider, Stack, Switch } from "@mantine/core";
import { IconFilter } from "@tabler/icons-react";

import { isFiltering, NO_FILTER } from "../../canvas";
import type { Editor, Filter } from "../../canvas";
import { arrange as text } from "../../strings/arrange";
import { KeyPopover } from "../KeyPopover";
import type { Classes } from "../useClasses";
import { useEditor } from "../useEditor";

interface Props {
  readonly editor: Editor;
  readonly classes: Classes;
  readonly opened: boolean;
  readonly onOpen: (opened: boolean) => void;
}

export function FilterMenu({ editor, classes, opened, onOpen }: Props) {
  const filtering = useEditor(editor, ({ filter }) => isFiltering(filter));
  return (
    <KeyPopover
      small
      icon={IconFilter}
      action="filter"
      active={filtering}
      title={text.filterTitle}
      opened={opened}
      onOpen={onOpen}
      position="bottom-end"
      width={264}
    >
      <Fields editor={editor} classes={classes} />
    </KeyPopover>
  );
}

const SOURCES = ["manual", "model", "import"] as const;

function Fields({ editor, classes }: Pick<Props, "editor" | "classes">) {
  const filter = useEditor(editor, (state) => state.filter);
  const set = (patch: Partial<Filter>): void => editor.setFilter(patch);
  return (
    <Stack gap="sm">
      <NativeSelect
        size="xs"
        label={text.class}
        value={filter.classId ?? ""}
        data={[
          { value: "", label: text.anyClass },
          ...classes.list.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        onChange={({ currentTarget: { value } }) => set({ classId: value === "" ? null : value })}
      />
      <NativeSelect
        size="xs"
        label={text.source}
        value={filter.source ?? ""}
        data={[
          { value: "", label: text.anySource },
          ...SOURCES.map((value) => ({ value, label: text.sources[value] })),
        ]}
        onChange={({ currentTarget: { value } }) => set({ source: SOURCES.find((one) => one === value) ?? null })}
      />
      <div>
        <Input.Label size="xs" component="div">
          {text.least}: {filter.least.toFixed(2)}
        </Input.Label>
        <Slider
          size="sm"
          min={0}
          max={1}
          step={0.05}
          label={null}
          thumbLabel={text.least}
          value={filter.least}
          onChange={(least) => set({ least })}
        />
        <Input.Description mt={4}>{text.leastHint}</Input.Description>
      </div>
      <Switch
        size="xs"
        label={text.hides}
        checked={filter.hides}
        onChange={(event) => set({ hides: event.currentTarget.checked })}
      />
      <Button
        size="compact-sm"
        variant="default"
        disabled={!isFiltering(filter) && !filter.hides}
        onClick={() => set(NO_FILTER)}
      >
        {text.clear}
      </Button>
    </Stack>
  );
}
