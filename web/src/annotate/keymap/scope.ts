/** Where keys mean something: the editor of images, and that of videos, where some of them mean something else. */
import { createContext } from "react";

import { ACTIONS } from "../actions";
import type { Action } from "../actions";
import { BINDINGS } from "./presets";
import type { Bindings, PresetName } from "./presets";

export interface Scope {
  /** What there is to do; of two actions with the same key the first one has it. */
  readonly actions: readonly Action[];
  /** What presets say otherwise. */
  readonly bindings: Readonly<Record<PresetName, Bindings>>;
  /** Whether Space held moves the picture. */
  readonly spacePans: boolean;
}

export const IMAGES: Scope = { actions: ACTIONS, bindings: BINDINGS, spacePans: true };

export const ScopeContext = createContext(IMAGES);
