import { Text } from "@mantine/core";
import { IconListDetails } from "@tabler/icons-react";
import { RowAction } from "./RowAction";
import css from "./classes.module.css";

interface Props {
  label: string;
  count: number;
  opened: boolean;
  onOpen: (opened: boolean) => void;
}

/** Shows the attributes below, or hides them; says how many there are. */
export function AttributesKey({ label, count, opened, onOpen }: Props) {
  return (
    <span className={css.attributesKey}>
      {count > 0 && (
        <Text span size="xs" c="dimmed" className="number">
          {count}
        </Text>
      )}
      <RowAction label={label} expanded={opened} onClick={() => onOpen(!opened)}>
        <IconListDetails size={16} stroke={1.5} />
      </RowAction>
    </span>
  );
}
