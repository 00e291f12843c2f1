import { Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useMay } from "./useMay";
import type { Deed } from "./roles";
import css from "./people.module.css";

interface Props {
  projectId: string;
  deed: Deed;
  children: ReactNode;
}

/** Fields and buttons that show but do nothing where the role does not suffice, with the reason above them. */
export function Guarded({ projectId, deed, children }: Props) {
  const may = useMay(projectId);
  return (
    <>
      <Why projectId={projectId} deed={deed} />
      <fieldset className={css.plain} disabled={!may(deed)}>
        <Stack>{children}</Stack>
      </fieldset>
    </>
  );
}

/** Why something is not offered; nothing where it is. */
export function Why({ projectId, deed }: Omit<Props, "children">) {
  const why = useMay(projectId).why(deed);
  if (why === undefined) return null;
  return (
    <Text size="sm" c="dimmed" mb="sm" role="note">
      {why}
    </Text>
  );
}
