/** Says why objects are missing, and shows them again. */
import { Button } from "@mantine/core";

import { isFiltering, NO_FILTER } from "../../canvas";
import type { Editor } from "../../canvas";
import { annotate } from "../../strings/annotate";
import { arrange as text } from "../../strings/arrange";
import css from "../annotate.module.css";
import { useEditor } from "../useEditor";

const { objects: words } = annotate;

interface Props {
  readonly editor: Editor;
  /** How many objects pass the filter, and how many there are. */
  readonly passing: number;
  readonly all: number;
}

export function InSight({ editor, passing, all }: Props) {
  const allHidden = useEditor(editor, (state) => state.allHidden);
  const isolated = useEditor(editor, (state) => state.isolated);
  const filtering = useEditor(editor, ({ filter }) => isFiltering(filter));
  return (
    <>
      {allHidden && <Missing why={words.hiddenAll} end={words.showAll} onEnd={() => editor.toggleAllHidden()} />}
      {isolated && (
        <Missing
          why={text.only(Array.from(isolated).filter((id) => editor.get(id)).length)}
          end={words.showAll}
          onEnd={() => editor.toggleIsolated()}
        />
      )}
      {filtering && (
        <Missing why={text.filtered(passing, all)} end={text.clear} onEnd={() => editor.setFilter(NO_FILTER)} />
      )}
    </>
  );
}

function Missing({ why, end, onEnd }: { readonly why: string; readonly end: string; readonly onEnd: () => void }) {
  return (
    <p className={css.empty}>
      {why}{" "}
      <Button size="compact-xs" variant="light" onClick={onEnd}>
        {end}
      </Button>
    </p>
  );
}
