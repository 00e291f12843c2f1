import { Button } from "@mantine/core";
import { IconPhoto, IconZoomQuestion } from "@tabler/icons-react";
import { useState } from "react";
import type { Schemas } from "../../api/client";
import type { AugmentationPreset } from "../../api/types";
import { training as words } from "../../strings/training";
import type { Values } from "./parameters";
import { PreviewDialog } from "./PreviewDialog";
import { SweepDialog } from "./SweepDialog";

interface Props {
  request: Omit<Schemas["TrainRequest"], "kind">;
  hyper: Values;
  presets: readonly AugmentationPreset[];
  disabled: boolean;
  onPreset: (preset: string) => void;
}

/** Two looks ahead of a training: its pictures, and a search for its parameters. */
export function LookAhead({ request, hyper, presets, disabled, onPreset }: Props) {
  const [dialog, setDialog] = useState<"preview" | "sweep" | null>(null);
  const close = () => {
    setDialog(null);
  };
  return (
    <>
      <Button
        variant="default"
        disabled={disabled}
        leftSection={<IconPhoto size={16} aria-hidden />}
        onClick={() => {
          setDialog("preview");
        }}
      >
        {words.preview}
      </Button>
      <Button
        variant="default"
        disabled={disabled}
        leftSection={<IconZoomQuestion size={16} aria-hidden />}
        onClick={() => {
          setDialog("sweep");
        }}
      >
        {words.sweep}
      </Button>
      {dialog === "preview" && (
        <PreviewDialog
          projectId={request.project_id}
          presets={presets}
          hyper={hyper}
          onChoose={onPreset}
          onClose={close}
        />
      )}
      {dialog === "sweep" && <SweepDialog projectId={request.project_id} request={request} onClose={close} />}
    </>
  );
}
