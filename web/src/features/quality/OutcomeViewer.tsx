import { ActionIcon, Group, Modal, Text, Title, Tooltip } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { IconChevronLeft, IconChevronRight, IconPencil } from "@tabler/icons-react";
import { useEffect, useMemo, useState, type ReactNode } from "react";
import { urls } from "../../api/queries";
import type { ImageOutcome } from "../../api/types";
import { LinkButton } from "../../components/links";
import { count } from "../../lib/format";
import { predictions } from "../../strings/predictions";
import { quality as words } from "../../strings/quality";
import frame from "../predictions/predictions.module.css";
import { useZoom } from "../predictions/useZoom";
import { drawnOf, LOOKS, Overlay, type Drawn } from "./Overlay";
import css from "./quality.module.css";

interface Props {
  images: readonly ImageOutcome[];
  openId: string | undefined;
  projectId: string;
  nameOf: (classId: string) => string;
  hasMore: boolean;
  onMore: () => void;
  onOpen: (id: string | null) => void;
}

/** One image large, with its objects beside it; arrow keys lead on. */
export function OutcomeViewer({ images, openId, projectId, nameOf, hasMore, onMore, onOpen }: Props) {
  const index = openId === undefined ? -1 : images.findIndex((one) => one.image_id === openId);
  const current = images[index];
  const go = (step: number) => {
    const target = images[index + step];
    if (target !== undefined) onOpen(target.image_id);
  };
  useEffect(() => {
    if (hasMore && openId !== undefined && index >= images.length - 3) onMore();
  }, [hasMore, openId, index, images.length, onMore]);
  return (
    <Modal
      opened={current !== undefined}
      onClose={() => onOpen(null)}
      size="min(1400px, 96vw)"
      padding="sm"
      title={current?.name}
      onKeyDown={(event) => {
        if (event.key === "ArrowLeft") go(-1);
        if (event.key === "ArrowRight") go(1);
      }}
    >
      {current !== undefined && (
        <Enlarged key={current.image_id} image={current} nameOf={nameOf} projectId={projectId}>
          <Group gap="xs" mb="xs">
            <Key label={predictions.previous} disabled={index === 0} onClick={() => go(-1)}>
              <IconChevronLeft size={20} />
            </Key>
            <Text size="sm" className="number">
              {words.position(index + 1, `${count(images.length)}${hasMore ? "+" : ""}`)}
            </Text>
            <Key label={predictions.next} disabled={index >= images.length - 1} onClick={() => go(1)}>
              <IconChevronRight size={20} />
            </Key>
          </Group>
        </Enlarged>
      )}
    </Modal>
  );
}

interface EnlargedProps {
  image: ImageOutcome;
  nameOf: (classId: string) => string;
  projectId: string;
  children: ReactNode;
}

function Enlarged({ image, nameOf, projectId, children }: EnlargedProps) {
  const { camera, stage, handlers } = useZoom(image.image_id);
  const { ref, width, height } = useElementSize();
  const [hovered, setHovered] = useState<Drawn | null>(null);
  const [gone, setGone] = useState(false);
  const drawn = useMemo(() => drawnOf(image, nameOf), [image, nameOf]);
  const shown = Math.min(width, (height * image.width) / Math.max(1, image.height)) * camera.scale;
  return (
    <div className={frame.viewer}>
      <div ref={stage} className={frame.stage} {...handlers}>
        <div
          ref={ref}
          style={{
            position: "absolute",
            inset: 0,
            transform: `translate(${camera.x}px, ${camera.y}px) scale(${camera.scale})`,
          }}
        >
          {!gone && (
            <img src={urls.view(image.image_id)} alt={image.name} draggable={false} onError={() => setGone(true)} />
          )}
          <Overlay image={image} drawn={drawn} shownWidth={shown} labels highlighted={hovered} />
        </div>
      </div>
      <aside className={frame.found} aria-label={words.objects}>
        {children}
        {gone ? (
          <Text c="red">{words.gone}</Text>
        ) : (
          <LinkButton
            to="/projects/$projectId/annotate/$imageId"
            params={{ projectId, imageId: image.image_id }}
            variant="default"
            size="compact-sm"
            leftSection={<IconPencil size={14} aria-hidden />}
          >
            {words.edit}
          </LinkButton>
        )}
        <Title order={3} mt="xs">
          {words.objects} ({count(drawn.length)})
        </Title>
        {drawn.map((one, position) => (
          <div
            key={position}
            className={frame.item}
            onPointerEnter={() => setHovered(one)}
            onPointerLeave={() => setHovered(null)}
          >
            <Group gap={8} wrap="nowrap">
              <span
                aria-hidden
                className={css.swatch}
                style={{
                  flex: "none",
                  borderColor: LOOKS[one.look].stroke,
                  borderStyle: LOOKS[one.look].dash ? "dashed" : "solid",
                  background: "#555",
                }}
              />
              <Text size="sm">{one.label}</Text>
            </Group>
            {one.score !== null && (
              <Text size="sm" className="number">
                {one.score.toFixed(2)}
              </Text>
            )}
          </div>
        ))}
      </aside>
    </div>
  );
}

interface KeyProps {
  label: string;
  disabled: boolean;
  onClick: () => void;
  children: ReactNode;
}

function Key({ label, disabled, onClick, children }: KeyProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon aria-label={label} disabled={disabled} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
