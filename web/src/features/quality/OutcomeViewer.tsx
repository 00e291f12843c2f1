import { Group, Text, Title } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { IconPencil } from "@tabler/icons-react";
import { useMemo, useState, type ReactNode } from "react";
import { urls } from "../../api/queries";
import type { ImageOutcome } from "../../api/types";
import { LinkButton } from "../../components/links";
import { PictureModal } from "../../components/PictureModal";
import { count } from "../../lib/format";
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
  return (
    <PictureModal
      items={images}
      idOf={(one) => one.image_id}
      titleOf={(one) => one.name}
      openId={openId}
      hasMore={hasMore}
      onMore={onMore}
      onOpen={onOpen}
    >
      {(current, steps) => (
        <Enlarged key={current.image_id} image={current} nameOf={nameOf} projectId={projectId}>
          {steps}
        </Enlarged>
      )}
    </PictureModal>
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
        <Group mb="xs">{children}</Group>
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
