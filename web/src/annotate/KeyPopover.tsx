/** A button with an icon, and a dialog that it opens beside itself; closing gives the keyboard back to the picture. */
import { Popover } from "@mantine/core";
import type { FloatingPosition } from "@mantine/core";
import type { ReactNode } from "react";

import { IconKey } from "./IconKey";
import type { IconKeyProps } from "./IconKey";
import { focusCanvas } from "./useShortcuts";

interface Props extends Pick<IconKeyProps, "icon" | "action" | "label" | "active" | "disabled" | "side" | "small"> {
  /** The name of the dialog. */
  readonly title: string;
  readonly opened: boolean;
  readonly onOpen: (opened: boolean) => void;
  readonly position: FloatingPosition;
  readonly width: number;
  /** Height in CSS from which it scrolls. */
  readonly most?: string;
  /** Made only while it is open. */
  readonly children: ReactNode;
}

export function KeyPopover({ title, opened, onOpen, position, width, most, children, ...key }: Props) {
  return (
    <Popover
      opened={opened}
      onChange={onOpen}
      onClose={focusCanvas}
      position={position}
      width={width}
      trapFocus
      withRoles={false}
      shadow="md"
    >
      <Popover.Target>
        <span>
          <IconKey {...key} expanded={opened} onClick={() => onOpen(!opened)} />
        </span>
      </Popover.Target>
      <Popover.Dropdown
        role="dialog"
        aria-label={title}
        {...(most === undefined ? {} : { mah: most, style: { overflowY: "auto" as const } })}
      >
        {opened && children}
      </Popover.Dropdown>
    </Popover>
  );
}
