import { Group, Text, Title } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { IconMaximize, IconZoomIn, IconZoomOut } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import { urls } from "../../api/queries";
import type { Detection } from "../../api/types";
import { ClassName } from "../../components/ClassName";
import { IconKey } from "../../components/IconKey";
import { PictureModal } from "../../components/PictureModal";
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
  return (
    <PictureModal
      items={shown}
      idOf={(one) => one.image.id}
      titleOf={(one) => one.image.name}
      openId={openId}
      hasMore={hasMore}
      onMore={onMore}
      onOpen={onOpen}
    >
      {(current, steps) => (
        <Enlarged key={current.image.id} shown={current} colorOf={colorOf}>
          {steps}
        </Enlarged>
      )}
    </PictureModal>
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
