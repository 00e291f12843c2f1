import { ActionIcon, Tooltip } from "@mantine/core";
import type { ReactNode } from "react";

interface Props {
  label: string;
  hint?: string | undefined;
  disabled?: boolean;
  /** Whether what it opens is open. */
  expanded?: boolean;
  onClick: () => void;
  children: ReactNode;
}

/** A small button of a row, whose words are its tooltip; one that cannot be used says why. */
export function RowAction({ label, hint, disabled = false, expanded, onClick, children }: Props) {
  return (
    <Tooltip label={hint ?? label} multiline maw={260}>
      <ActionIcon
        size="md"
        aria-label={label}
        aria-disabled={disabled}
        aria-expanded={expanded}
        {...(disabled ? { "data-disabled": true } : {})}
        onClick={(event) => {
          if (disabled) event.preventDefault();
          else onClick();
        }}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
