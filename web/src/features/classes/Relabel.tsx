import { useQuery } from "@tanstack/react-query";
import { classesQuery } from "../../api/queries";
import type { Image } from "../../api/types";
import { ChangeDialog } from "./ChangeDialog";

interface Props {
  projectId: string;
  images: readonly Image[];
  onClose: () => void;
  onDone: () => void;
}

/** Objects of a class on the selected images get another class. */
export function Relabel({ projectId, images, onClose, onDone }: Props) {
  const list = useQuery(classesQuery(projectId)).data;
  if (list === undefined) return null;
  return (
    <ChangeDialog
      projectId={projectId}
      list={list}
      asked={{ kind: "split", ids: [], images: images.map(({ id }) => id) }}
      onClose={onClose}
      onDone={onDone}
    />
  );
}
