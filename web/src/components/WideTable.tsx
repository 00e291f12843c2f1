import { Table } from "@mantine/core";
import type { ReactNode } from "react";

interface Props {
  label: string;
  /** Where there is less room than this, the table scrolls sideways inside its own frame. */
  least: number;
  children: ReactNode;
}

/** The frame of a table that may be wider than the screen; the keyboard can scroll it too. */
export function WideTable({ label, least, children }: Props) {
  return (
    <Table.ScrollContainer type="native" minWidth={least} tabIndex={0} role="region" aria-label={label}>
      {children}
    </Table.ScrollContainer>
  );
}
