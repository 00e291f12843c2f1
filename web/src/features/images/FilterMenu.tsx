import { Button, Modal, Popover, Text } from "@mantine/core";
import { useDisclosure, useHotkeys, useMediaQuery } from "@mantine/hooks";
import { IconFilter } from "@tabler/icons-react";
import { count } from "../../lib/format";
import { library as words } from "../../strings/library";
import type { ImageFilter } from "./filter";
import { FilterForm } from "./FilterForm";
import css from "./images.module.css";

interface Props {
  projectId: string;
  filter: ImageFilter;
  onChange: (filter: ImageFilter) => void;
  /** How many filters are active. */
  active: number;
}

/** A button, and beside it (on a phone: in its place the whole screen) everything that narrows the library. */
export function FilterMenu({ projectId, filter, onChange, active }: Props) {
  const [opened, { open, close, toggle }] = useDisclosure(false);
  const phone = useMediaQuery("(max-width: 48em)");
  useHotkeys([["F", open]]);
  const form = (
    <FilterForm
      projectId={projectId}
      filter={filter}
      onApply={(next) => {
        close();
        onChange(next);
      }}
    />
  );
  const button = (
    <Button
      variant={active > 0 ? "light" : "default"}
      leftSection={<IconFilter size={16} aria-hidden />}
      title={`${words.title} (${words.filterKey})`}
      aria-haspopup="dialog"
      aria-expanded={opened}
      aria-keyshortcuts={words.filterKey}
      onClick={toggle}
    >
      {words.filter}
      {active > 0 && (
        <Text span className="number" ml={6} inherit>
          {count(active)}
        </Text>
      )}
    </Button>
  );
  if (phone) {
    return (
      <>
        {button}
        <Modal
          opened={opened}
          onClose={close}
          fullScreen
          title={words.title}
          closeButtonProps={{ "aria-label": words.close }}
        >
          {form}
        </Modal>
      </>
    );
  }
  return (
    <Popover
      opened={opened}
      onChange={close}
      position="bottom-start"
      width={640}
      trapFocus
      returnFocus
      withRoles={false}
      shadow="md"
    >
      <Popover.Target>{button}</Popover.Target>
      <Popover.Dropdown role="dialog" aria-label={words.title} className={css.filters ?? ""}>
        {form}
      </Popover.Dropdown>
    </Popover>
  );
}
