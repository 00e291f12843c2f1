import { Group as Row, SegmentedControl, Text } from "@mantine/core";
import { count } from "../../lib/format";
import { map as words } from "../../strings/map";
import type { Group } from "./groups";
import css from "./map.module.css";
import { COLOURS, type Colour } from "./view";

interface Props {
  groups: readonly Group[];
  colour: Colour;
  onColour: (colour: Colour) => void;
  onPick: (rows: readonly number[], add: boolean) => void;
}

/** What the colours mean, and how many images have each: the map in words; each line selects its images. */
export function Legend({ groups, colour, onColour, onPick }: Props) {
  return (
    <div>
      <Row gap="sm" mb={4}>
        <Text size="sm" c="dimmed">
          {words.colour}
        </Text>
        <SegmentedControl
          aria-label={words.colour}
          size="xs"
          data={COLOURS.map((value) => ({ value, label: words.colours[value] }))}
          value={colour}
          onChange={(value) => onColour(COLOURS.find((one) => one === value) ?? "class")}
        />
      </Row>
      <ul className={css.legend} aria-label={words.groups}>
        {groups.map((group) => (
          <li key={group.key}>
            <button
              type="button"
              className={css.group}
              title={words.groups}
              onClick={(event) => onPick(group.rows, event.shiftKey)}
            >
              <span className={css.swatch} style={{ background: group.color }} aria-hidden />
              {group.name} <span className="number">{count(group.rows.length)}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
