/** The annotation editor: the canvas, what surrounds it, and what connects the two with the server. */
import { MantineProvider, createTheme, mergeThemeOverrides, useComputedColorScheme } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useLayoutEffect, useRef, useState } from "react";

import { useServerEvents } from "../api/events";
import { classesQuery } from "../api/queries";
import { theme, variables } from "../app/theme";
import { Editor } from "../canvas";
import { useMay } from "../features/people/useMay";
import { annotate as text } from "../strings/annotate";
import type { Desk } from "./actions";
import css from "./annotate.module.css";
import { SmartBar } from "./assist/SmartBar";
import { useAssist } from "./assist/useAssist";
import { CanvasHost } from "./CanvasHost";
import { ObjectMenu } from "./carry/ObjectMenu";
import { Propagate } from "./carry/Propagate";
import { useCarry } from "./carry/useCarry";
import { ClassList } from "./ClassList";
import { CommentPanel } from "./comments/CommentPanel";
import { Pins } from "./comments/Pins";
import { useComments } from "./comments/useComments";
import { ConflictDialog } from "./ConflictDialog";
import { Drawing } from "./Drawing";
import { Options } from "./drawing/Options";
import { useHand } from "./drawing/useHand";
import { ClassPicker } from "./find/ClassPicker";
import { Palette } from "./find/Palette";
import { FirstClass } from "./FirstClass";
import { HelpSheet } from "./HelpSheet";
import { HistoryPanel } from "./history/HistoryPanel";
import { OlderState } from "./history/OlderState";
import { usePast } from "./history/usePast";
import { KeySettings } from "./keymap/KeySettings";
import { isTyping } from "./keys";
import { Notices } from "./Notices";
import { ObjectList } from "./ObjectList";
import { Others } from "./presence/Others";
import { AutoAnnotate } from "./review/AutoAnnotate";
import { ReviewPanel } from "./review/ReviewPanel";
import { useProposing } from "./review/useProposing";
import { session } from "./session";
import { StatusBar } from "./StatusBar";
import { ToolRail } from "./ToolRail";
import { TopBar } from "./TopBar";
import { isDigit, useClasses } from "./useClasses";
import { useEditor, useSaveStatus } from "./useEditor";
import { useEntry, usePictures, usePixels } from "./usePictures";
import { useRemembered } from "./useRemembered";
import { useImageState } from "./useImageState";
import { useCalm } from "./useOthers";
import { useWork } from "./workflow/useWork";
import { WorkPanel } from "./workflow/WorkPanel";
import { focusCanvas, useShortcuts } from "./useShortcuts";

export interface AnnotatePageProps {
  readonly projectId: string;
  readonly imageId: string;
}

const ROOT = "annotate";
const SCHEME_KEY = "boxwright.editor.scheme";
/** Dialogs and hints of the editor open inside it, in its colours. */
const editorTheme = mergeThemeOverrides(
  theme,
  createTheme({ components: { Portal: { defaultProps: { target: `#${ROOT}` } } } }),
);

/** The editor is dark unless a person wants it otherwise, whatever the rest of the application looks like. */
export function AnnotatePage(props: AnnotatePageProps) {
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
        aria-label={text.title}
        onMouseDown={keepFocus}
      >
        <Workbench {...props} dark={dark} panel={panel} onTheme={toggle} onPanel={() => setPanel(!panel)} />
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

interface WorkbenchProps extends AnnotatePageProps {
  readonly dark: boolean;
  readonly panel: boolean;
  readonly onTheme: () => void;
  readonly onPanel: () => void;
}

function Workbench({ projectId, imageId, ...look }: WorkbenchProps) {
  const [editor] = useState(() => new Editor());
  const [help, setHelp] = useState(false);
  const [keysOpen, setKeysOpen] = useState(false);
  const [palette, setPalette] = useState(false);
  const [picking, setPicking] = useState(false);
  const [asks, setAsks] = useRemembered<boolean>("boxwright.editor.ask", false);
  const [choosing, setChoosing] = useState(false);
  const opened = useEntry(imageId);
  const pixels = usePixels(imageId);
  const pictures = usePictures(projectId, imageId);
  const classes = useClasses(projectId, editor);
  const around = [useQuery(classesQuery(projectId)), pictures.asked];
  const viewOnly = useMay(projectId).why("annotate");
  const entry = opened.data;
  const status = useSaveStatus(entry?.queue);

  const looked = useImageState(imageId, editor, entry);
  const past = usePast(entry, classes.styles);
  const [asking, setAsking] = useState(false);
  const working = useWork(projectId, imageId, entry, pictures.open);
  const commenting = useComments(projectId, imageId, editor);
  const proposing = useProposing(projectId, entry, editor);

  const carry = useCarry(projectId, editor, pictures);
  const selected = useEditor(editor, (state) => state.selected.size);
  useNews(imageId);
  useCalm(editor);
  useHand(editor);
  const assist = useAssist(editor, pictures.next);
  const toggleHistory = (): void => {
    if (past.opened) past.close();
    else past.open();
    if (!past.opened && !look.panel) look.onPanel();
  };
  const desk: Desk = {
    editor,
    empty: looked.toggle,
    propose: () => setAsking(viewOnly === undefined),
    history: toggleHistory,
    leave: past.leave,
    outline: assist.outline,
    similar: assist.similar,
    go: (where) => void carry.go(where),
    carry,
    save: () => (status.state === "conflict" ? setChoosing(true) : session.flush()),
    work: {
      submit: () => working.take("submit"),
      accept: () => working.take("accept"),
      giveBack: () => {
        if (!working.askWhy()) return false;
        if (!look.panel) look.onPanel();
        return true;
      },
      next: working.toNext,
      comment: commenting.begin,
    },
    help: () => setHelp(true),
    settings: () => setKeysOpen(true),
    palette: () => setPalette(true),
    pick: () => setPicking(true),
    digit: classes.press,
  };
  useShortcuts(desk, (key) => !isDigit(key) && classes.press(key));

  return (
    <>
      <TopBar
        {...look}
        projectId={projectId}
        editor={editor}
        entry={entry}
        failed={opened.isError}
        pictures={pictures}
        viewOnly={viewOnly}
        onHelp={desk.help}
        onSave={desk.save}
        past={past}
        onHistory={toggleHistory}
      />
      <ToolRail editor={editor}>
        <AutoAnnotate
          projectId={projectId}
          classes={classes}
          proposing={proposing}
          opened={asking}
          onOpen={setAsking}
        />
      </ToolRail>
      <div className={css.stage}>
        <CanvasHost
          editor={editor}
          document={past.document ?? entry?.document ?? null}
          readOnly={past.document !== null || viewOnly !== undefined}
          pixels={pixels.data}
          styles={classes.styles}
        />
        <Notices opened={opened} pixels={pixels} around={around} status={status} onChoose={() => setChoosing(true)} />
        {past.step && entry && (
          <OlderState
            step={past.step}
            newest={entry.queue.revision}
            onRestore={viewOnly === undefined ? past.restore : undefined}
            onBack={() => past.leave()}
          />
        )}
        <Others imageId={imageId} />
        <Pins
          editor={editor}
          commenting={commenting}
          onPick={(id) => {
            commenting.setActive(id);
            if (!look.panel) look.onPanel();
          }}
        />
        <Drawing editor={editor} />
        <Options editor={editor} />
        <SmartBar editor={editor} assist={assist} />
        <ClassPicker
          projectId={projectId}
          editor={editor}
          classes={classes}
          opened={picking}
          asks={asks}
          onOpen={setPicking}
        />
        <FirstClass editor={editor} classes={classes} />
      </div>
      <aside className={css.panel} aria-label={text.panel}>
        <WorkPanel working={working} />
        <CommentPanel commenting={commenting} always={working.reviewed} />
        {past.opened ? (
          <HistoryPanel imageId={imageId} shown={past.step} onShow={past.show} onClose={past.close} />
        ) : (
          <>
            <ClassList editor={editor} classes={classes} asks={asks} onAsks={setAsks} />
            <ReviewPanel editor={editor} classes={classes} />
          </>
        )}
        <ObjectList
          editor={editor}
          classes={classes}
          looked={looked}
          isLoading={opened.isPending}
          failed={opened.isError}
          onHistory={toggleHistory}
          menu={<ObjectMenu editor={editor} desk={desk} keeps={carry.keeps} />}
        />
      </aside>
      <StatusBar editor={editor} name={entry?.image.name ?? ""} state={looked.state} />
      <HelpSheet
        opened={help}
        onClose={() => setHelp(false)}
        onSettings={() => {
          setHelp(false);
          setKeysOpen(true);
        }}
      />
      <Propagate carry={carry} selected={selected} />
      <Palette
        opened={palette}
        projectId={projectId}
        desk={desk}
        classes={classes}
        onImage={pictures.open}
        onClose={() => setPalette(false)}
      />
      <KeySettings opened={keysOpen} classes={classes} onClose={() => setKeysOpen(false)} />
      {entry && (
        <ConflictDialog
          queue={entry.queue}
          clashes={status.clashes}
          styles={classes.styles}
          opened={choosing}
          onClose={() => setChoosing(false)}
        />
      )}
    </>
  );
}

/** Takes over what other tabs and people save, and looks again at a picture that was open before. */
function useNews(imageId: string): void {
  useServerEvents((event) => {
    if (event === "resync") session.refresh(imageId);
    else if (event.topic === "annotations" || event.topic === "image") {
      const { revision } = event.data;
      session.notice(event.id, typeof revision === "number" ? revision : undefined);
    } else if (event.topic === "images") session.refresh(imageId);
  });
  useEffect(() => {
    void session.peek(imageId)?.queue.refresh();
  }, [imageId]);
}
