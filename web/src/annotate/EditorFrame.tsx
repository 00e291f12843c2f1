/** Around an editor: its own colours, and dialogs that open inside it. */
import { MantineProvider, createTheme, mergeThemeOverrides, useComputedColorScheme } from "@mantine/core";
import { useLayoutEffect, useRef, useState } from "react";
import type { ReactNode } from "react";
import { theme, variables } from "../app/theme";
import css from "./annotate.module.css";
import { isTyping } from "./keys";
import { focusCanvas } from "./useShortcuts";

/** How the editor looks, and the ways to change it. */
export interface FrameLook {
  readonly dark: boolean;
  readonly panel: boolean;
  readonly onTheme: () => void;
  readonly onPanel: () => void;
}

interface Props {
  readonly label: string;
  /** A video has a row for its timeline. */
  readonly video?: boolean;
  readonly children: (look: FrameLook) => ReactNode;
}

const ROOT = "annotate";
const SCHEME_KEY = "boxwright.editor.scheme";
/** Dialogs and hints of the editor open inside it, in its colours. */
const editorTheme = mergeThemeOverrides(
  theme,
  createTheme({ components: { Portal: { defaultProps: { target: `#${ROOT}` } } } }),
);

/** The editor is dark unless a person wants it otherwise, whatever the rest of the application looks like. */
export function EditorFrame({ label, video = false, children }: Props) {
  const [dark, setDark] = useState(() => localStorage.getItem(SCHEME_KEY) !== "light");
  const [panel, setPanel] = useState(false);
  const scheme = dark ? "dark" : "light";
  useLightFrame(!dark);
  const toggle = (): void => {
    localStorage.setItem(SCHEME_KEY, dark ? "light" : "dark");
    setDark(!dark);
  };
  return (
    <MantineProvider
      theme={editorTheme}
      cssVariablesResolver={variables}
      cssVariablesSelector={`#${ROOT}`}
      getRootElement={() => document.getElementById(ROOT) ?? undefined}
      forceColorScheme={scheme}
      deduplicateCssVariables={false}
      withGlobalClasses={false}
    >
      <section
        id={ROOT}
        className={css.root}
        data-mantine-color-scheme={scheme}
        data-panel={panel}
        data-video={video}
        aria-label={label}
        onMouseDown={keepFocus}
      >
        {children({ dark, panel, onTheme: toggle, onPanel: () => setPanel(!panel) })}
      </section>
    </MantineProvider>
  );
}

const frame = (scheme: string): void => document.documentElement.setAttribute("data-mantine-color-scheme", scheme);

/** A light editor makes the frame around it light: the rules of a dark page would reach into it. */
function useLightFrame(isLight: boolean): void {
  const around = useComputedColorScheme("light");
  const own = useRef(around);
  useLayoutEffect(() => {
    own.current = around;
    frame(isLight ? "light" : around);
  }, [isLight, around]);
  useLayoutEffect(() => () => frame(own.current), []);
}

/** Buttons do not take the focus when clicked, and fields lose it then: the keys go on working for the picture. */
function keepFocus(event: React.MouseEvent): void {
  const { target } = event;
  if (!(target instanceof Element) || !target.closest("button") || target.closest("[role=dialog]")) return;
  event.preventDefault();
  if (isTyping(document.activeElement)) focusCanvas();
}
