/** A button that shows an icon and, on hover, what it does and by which key. */
import { ActionIcon, Tooltip } from "@mantine/core";
import type { ComponentType } from "react";

export interface IconKeyProps {
  readonly icon: ComponentType<{ size?: number; stroke?: number }>;
  readonly label: string;
  readonly shortcut?: string;
  readonly active?: boolean;
  readonly disabled?: boolean;
  readonly side?: "right" | "bottom" | "top";
  readonly small?: boolean;
  /** Whether the dialog that it opens is open. */
  readonly expanded?: boolean;
  readonly onClick: () => void;
}

export function IconKey({
  icon: Icon,
  label,
  shortcut = "",
  active,
  disabled,
  side = "bottom",
  small,
  expanded,
  onClick,
}: IconKeyProps) {
  return (
    <Tooltip label={shortcut === "" ? label : `${label}  (${shortcut})`} position={side}>
      <ActionIcon
        variant={active === true ? "filled" : "subtle"}
        color={active === true ? "ink" : "gray"}
        size={small === true ? "md" : "lg"}
        aria-label={label}
        aria-keyshortcuts={shortcut === "" ? undefined : shortcut.replaceAll("Ctrl", "Control")}
        aria-pressed={expanded === undefined ? active : undefined}
        aria-haspopup={expanded === undefined ? undefined : "dialog"}
        aria-expanded={expanded}
        disabled={disabled ?? false}
        onClick={onClick}
      >
        <Icon size={small === true ? 16 : 20} stroke={1.5} />
      </ActionIcon>
    </Tooltip>
  );
}
