import { ActionIcon, Group, Modal, Text, Title, Tooltip } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { IconChevronLeft, IconChevronRight, IconMaximize, IconZoomIn, IconZoomOut } from "@tabler/icons-react";
import { useEffect, useState, type ReactNode } from "react";
import { urls } from "../../api/queries";
import type { Detection } from "../../api/types";
import { ClassName } from "../../components/ClassName";
import { count } from "../../lib/format";
import { predictions as words } from "../../strings/predictions";
import { Boxes } from "./Boxes";
import type { Shown } from "./RunResults";
import { useZoom } from "./useZoom";
import css from "./predictions.module.css";

interface Props {
  shown: readonly Shown[];
  openId: string | undefined;
  hasMore: boolean;
  onMore: () => void;
  colorOf: (classId: number) => string;
  onOpen: (id: string | null) => void;
}

/** One image large, with its objects beside it; arrow keys lead on. */
export function Viewer({ shown, openId, hasMore, onMore, colorOf, onOpen }: Props) {
  const index = openId === undefined ? -1 : shown.findIndex((one) => one.image.id === openId);
  const current = shown[index];
  const go = (step: number) => {
    const target = shown[index + step];
    if (target !== undefined) onOpen(target.image.id);
  };
  useEffect(() => {
    if (hasMore && openId !== undefined && index >= shown.length - 3) onMore();
  }, [hasMore, openId, index, shown.length, onMore]);
  return (
    <Modal
      opened={current !== undefined}
      onClose={() => onOpen(null)}
      size="min(1400px, 96vw)"
      padding="sm"
      title={current?.image.name}
      onKeyDown={(event) => {
        if (event.key === "ArrowLeft") go(-1);
        if (event.key === "ArrowRight") go(1);
      }}
    >
      {current !== undefined && (
        <Enlarged key={current.image.id} shown={current} colorOf={colorOf}>
          <Group gap="xs">
            <IconKey label={words.previous} disabled={index === 0} onClick={() => go(-1)}>
              <IconChevronLeft size={20} />
            </IconKey>
            <Text size="sm" className="number">
              {words.position(index + 1, `${count(shown.length)}${hasMore ? "+" : ""}`)}
            </Text>
            <IconKey label={words.next} disabled={index >= shown.length - 1} onClick={() => go(1)}>
              <IconChevronRight size={20} />
            </IconKey>
          </Group>
        </Enlarged>
      )}
    </Modal>
  );
}

interface EnlargedProps {
  shown: Shown;
  colorOf: (classId: number) => string;
  children: ReactNode;
}

function Enlarged({ shown: { image, detections }, colorOf, children }: EnlargedProps) {
  const { camera, stage, handlers, zoom, fit } = useZoom(image.id);
  const { ref, width, height } = useElementSize();
  const [hovered, setHovered] = useState<Detection | null>(null);
  const drawn = Math.min(width, (height * image.width) / Math.max(1, image.height)) * camera.scale;
  return (
    <div className={css.viewer}>
      <div ref={stage} className={css.stage} {...handlers}>
        <div
          ref={ref}
          style={{
            position: "absolute",
            inset: 0,
            transform: `translate(${camera.x}px, ${camera.y}px) scale(${camera.scale})`,
          }}
        >
          {image.error === null && <img src={urls.runView(image.id)} alt={image.name} draggable={false} />}
          <Boxes
            image={image}
            detections={detections}
            colorOf={colorOf}
            labels
            shownWidth={drawn}
            highlighted={hovered}
          />
        </div>
      </div>
      <aside className={css.found} aria-label={words.detections}>
        <Group justify="space-between" mb="xs">
          {children}
          <Group gap={0}>
            <IconKey label={words.zoomOut} onClick={() => zoom(1 / 1.5)}>
              <IconZoomOut size={18} stroke={1.5} />
            </IconKey>
            <IconKey label={words.zoomIn} onClick={() => zoom(1.5)}>
              <IconZoomIn size={18} stroke={1.5} />
            </IconKey>
            <IconKey label={words.fit} onClick={fit}>
              <IconMaximize size={18} stroke={1.5} />
            </IconKey>
          </Group>
        </Group>
        <Title order={3}>
          {words.detections} ({count(detections.length)})
        </Title>
        {image.error !== null && <Text c="red">{image.error}</Text>}
        {detections.length === 0 && image.error === null && <Text c="dimmed">{words.noDetections}</Text>}
        {detections.map((found, position) => (
          <div
            key={position}
            className={css.item}
            onPointerEnter={() => setHovered(found)}
            onPointerLeave={() => setHovered(null)}
          >
            <ClassName name={found.class} color={colorOf(found.class_id)} />
            <Text size="sm" className="number">
              {found.score.toFixed(2)}
            </Text>
          </div>
        ))}
      </aside>
    </div>
  );
}

interface IconKeyProps {
  label: string;
  disabled?: boolean;
  onClick: () => void;
  children: ReactNode;
}

function IconKey({ label, disabled = false, onClick, children }: IconKeyProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon aria-label={label} disabled={disabled} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
