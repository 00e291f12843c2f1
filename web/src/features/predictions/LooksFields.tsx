import { Select, SimpleGrid, Switch } from "@mantine/core";
import type { Looks } from "../../api/types";
import { predictions as words } from "../../strings/predictions";

export const ONCE: Looks = { tile: 0, overlap: 0.2, mirror: false };
const TILES = [320, 480, 640, 960, 1280];

interface Props {
  readonly looks: Looks;
  readonly onLooks: (looks: Looks) => void;
}

/** How the model looks at a picture beside once at the whole of it. */
export function LooksFields({ looks, onLooks }: Props) {
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
      <Select
        label={words.tiles}
        description={words.tilesHint}
        data={[
          { value: "0", label: words.noTiles },
          ...TILES.map((side) => ({ value: String(side), label: words.tilesOf(side) })),
        ]}
        value={String(looks.tile)}
        onChange={(side) => onLooks({ ...looks, tile: Number(side ?? 0) })}
      />
      <Switch
        mt={{ base: 0, sm: 44 }}
        label={words.mirror}
        description={words.mirrorHint}
        checked={looks.mirror}
        onChange={(event) => onLooks({ ...looks, mirror: event.currentTarget.checked })}
      />
    </SimpleGrid>
  );
}
