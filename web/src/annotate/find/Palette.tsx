/** Every action, class and image by name: type what is wanted, Enter does it. */
import { Modal } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { api, call } from "../../api/client";
import { find as text } from "../../strings/find";
import { nameOfAction } from "../actions";
import type { Action, Desk } from "../actions";
import { useKeymap } from "../keymap/remembered";
import { shownKey } from "../keys";
import type { Classes } from "../useClasses";
import { focusCanvas } from "../useShortcuts";
import { Finder } from "./Finder";
import type { Option } from "./Finder";
import { found } from "./match";

interface Props {
  readonly opened: boolean;
  readonly projectId: string;
  readonly desk: Desk;
  readonly classes: Classes;
  /** Opens an image. */
  readonly onImage: (imageId: string) => void;
  readonly onClose: () => void;
}

interface Entry extends Option {
  readonly run: () => unknown;
}

export function Palette(props: Props) {
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={text.palette}
      yOffset="12vh"
      centered={false}
      returnFocus={false}
      onExitTransitionEnd={focusCanvas}
    >
      <Search {...props} />
    </Modal>
  );
}

const IMAGES = 8;
/** From this many letters on images are asked for. */
const ENOUGH = 1;

function useImages(projectId: string, wanted: string): readonly { readonly id: string; readonly name: string }[] {
  const [name] = useDebouncedValue(wanted.trim(), 150);
  const query = useQuery({
    queryKey: ["paletteImages", projectId, name],
    enabled: name.length >= ENOUGH,
    placeholderData: keepPreviousData,
    queryFn: () => {
      const params = { path: { project_id: projectId }, query: { name, order: "name" as const, limit: IMAGES } };
      return call(api.GET("/api/v1/projects/{project_id}/images", { params }));
    },
  });
  return name.length >= ENOUGH ? (query.data?.items ?? []) : [];
}

function Search({ projectId, desk, classes, onImage, onClose }: Props) {
  const keymap = useKeymap();
  const [wanted, setWanted] = useState("");
  const images = useImages(projectId, wanted);
  const actions = keymap.scope.actions
    .filter(({ id }) => id !== "palette" && !/^class\d$/.test(id))
    .map((action): Entry => ({
      id: `action ${action.id}`,
      label: nameOfAction(action),
      aside: shownKey(keymap.keyOf(action.id)),
      run: () => perform(action, desk),
    }));
  const named = classes.list.map(({ id, name, color }): Entry => ({
    id: `class ${id}`,
    label: name,
    aside: text.class,
    color,
    run: () => classes.choose(id),
  }));
  const pictures = images.map(({ id, name }): Entry => ({
    id: `image ${id}`,
    label: name,
    aside: text.image,
    run: () => onImage(id),
  }));
  const options = [...found([...actions, ...named], wanted, ({ label }) => label), ...pictures];
  return (
    <Finder
      label={text.anything}
      options={options}
      wanted={wanted}
      onWanted={setWanted}
      nothing={text.nothing}
      onChoose={({ id }) => {
        onClose();
        options.find((one) => one.id === id)?.run();
      }}
    />
  );
}

/** A dialog that an action opens takes the focus after this one has given it up. */
const perform = (action: Action, desk: Desk): void => void setTimeout(() => action.run(desk));
