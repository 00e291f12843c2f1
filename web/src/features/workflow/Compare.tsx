import { Button, Group, Modal, SegmentedControl, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { imageQuery, urls } from "../../api/queries";
import type { Annotation, Image, ImageAgreement } from "../../api/types";
import { LinkButton } from "../../components/links";
import { Loaded } from "../../components/Loaded";
import { agreement as words } from "../../strings/agreement";
import { outlineOf } from "./outline";
import { labelersQuery, useAdopt } from "./useAgreement";
import css from "./agreement.module.css";

type Layout = "overlaid" | "beside";
const LAYOUTS: readonly Layout[] = ["overlaid", "beside"];

interface Props {
  projectId: string;
  one: ImageAgreement | null;
  onClose: () => void;
}

/** What two people drew on one image, overlaid or side by side; either can become the ground truth. */
export function Compare({ projectId, one, onClose }: Props) {
  return (
    <Modal opened={one !== null} onClose={onClose} title={one?.name ?? ""} size="xl">
      {one !== null && <Both key={one.image_id} projectId={projectId} one={one} onClose={onClose} />}
    </Modal>
  );
}

function Both({ projectId, one, onClose }: { projectId: string; one: ImageAgreement; onClose: () => void }) {
  const [layout, setLayout] = useState<Layout>("overlaid");
  const image = useQuery(imageQuery(one.image_id));
  const adopt = useAdopt(projectId);
  const sets = useQuery(labelersQuery(one.image_id));
  const drawn = (setId: string) => sets.data?.find(({ set_id }) => set_id === setId)?.annotations ?? [];
  const sides = [
    { who: one.first, drawn: drawn(one.first.set_id), matched: new Set(one.matches.map(([first]) => first)) },
    { who: one.second, drawn: drawn(one.second.set_id), matched: new Set(one.matches.map(([, second]) => second)) },
  ];
  return (
    <Stack gap="sm">
      <Group justify="space-between" gap="sm">
        <SegmentedControl
          aria-label={words.layout}
          data={LAYOUTS.map((value) => ({ value, label: words[value] }))}
          value={layout}
          onChange={(value) => setLayout(LAYOUTS.find((known) => known === value) ?? "overlaid")}
        />
        <div className={css.legend}>
          {sides.map(({ who }, place) => (
            <span key={who.user_id} className={css.key} data-side={place}>
              {who.name}
            </span>
          ))}
          <span className={css.key} data-side="both">
            {words.agreed}
          </span>
        </div>
      </Group>
      <Loaded query={image}>
        {(found) =>
          layout === "overlaid" ? (
            <Picture image={found} sides={sides.map((side, place) => ({ ...side, place }))} />
          ) : (
            <div className={css.beside}>
              {sides.map((side, place) => (
                <figure key={side.who.user_id} className={css.figure}>
                  <Picture image={found} sides={[{ ...side, place }]} />
                  <Text component="figcaption" size="sm" fw={600}>
                    {side.who.name}
                  </Text>
                </figure>
              ))}
            </div>
          )
        }
      </Loaded>
      <div className={css.actions}>
        <LinkButton
          to="/projects/$projectId/annotate/$imageId"
          params={{ projectId, imageId: one.image_id }}
          variant="default"
        >
          {words.open}
        </LinkButton>
        {sides.map(({ who }) => (
          <Button
            key={who.user_id}
            variant="default"
            loading={adopt.isPending && adopt.variables.who.set_id === who.set_id}
            onClick={() => adopt.mutate({ imageId: one.image_id, who }, { onSuccess: onClose })}
          >
            {words.adopt(who.name ?? "")}
          </Button>
        ))}
      </div>
    </Stack>
  );
}

/** Most that a picture takes of the height of the window, in per cent: the buttons below stay in view. */
const HIGHEST = 60;

interface Side {
  place: number;
  drawn: readonly Annotation[];
  matched: ReadonlySet<string>;
  who: { name?: string | null };
}

/** The image with what was drawn: objects that match in one colour, others in that of the person. */
function Picture({ image, sides }: { image: Image; sides: readonly Side[] }) {
  const aspectRatio = image.width / image.height;
  return (
    <div className={css.picture} style={{ aspectRatio, width: `min(100%, ${HIGHEST * aspectRatio}vh)` }}>
      <img src={urls.view(image.id)} alt="" />
      <svg viewBox={`0 0 ${image.width} ${image.height}`} role="img" aria-label={image.name}>
        {sides.flatMap(({ place, drawn, matched, who }) =>
          drawn.map(({ id, geometry }) => (
            <g key={id} data-side={place} data-matched={matched.has(id)}>
              <title>{matched.has(id) ? words.agreed : words.only(who.name ?? "")}</title>
              <path className={css.casing} d={outlineOf(geometry)} vectorEffect="non-scaling-stroke" />
              <path className={css.line} d={outlineOf(geometry)} vectorEffect="non-scaling-stroke" />
            </g>
          )),
        )}
      </svg>
    </div>
  );
}
