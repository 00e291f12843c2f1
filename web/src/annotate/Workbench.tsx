/** The editor at work: its canvas, the bars and panels around it, and what connects them with the server. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useServerEvents } from "../api/events";
import { classesQuery } from "../api/queries";
import { Editor } from "../canvas";
import { useMay } from "../features/people/useMay";
import type { Desk } from "./actions";
import css from "./annotate.module.css";
import { FilterMenu } from "./arrange/FilterMenu";
import { SmartBar } from "./assist/SmartBar";
import { useAssist } from "./assist/useAssist";
import { useDescribing } from "./attributes/useDescribing";
import { CanvasHost } from "./CanvasHost";
import { Propagate } from "./carry/Propagate";
import { useCarry } from "./carry/useCarry";
import { Pins } from "./comments/Pins";
import { useComments } from "./comments/useComments";
import { ConflictDialog, describe } from "./ConflictDialog";
import { Drawing } from "./Drawing";
import { Options } from "./drawing/Options";
import { useHand } from "./drawing/useHand";
import { Waiting } from "./drawing/Waiting";
import { ClassPicker } from "./find/ClassPicker";
import { Palette } from "./find/Palette";
import { FirstClass } from "./FirstClass";
import { HelpSheet } from "./HelpSheet";
import { OlderState } from "./history/OlderState";
import { usePast } from "./history/usePast";
import { KeySettings } from "./keymap/KeySettings";
import { LookMenu } from "./look/LookMenu";
import { useLooks } from "./look/useLooks";
import { Navigator } from "./navigator/Navigator";
import { Notices } from "./Notices";
import { Others } from "./presence/Others";
import { AutoAnnotate } from "./review/AutoAnnotate";
import { useProposing } from "./review/useProposing";
import { session } from "./session";
import { StatusBar } from "./StatusBar";
import { ToolRail } from "./ToolRail";
import { TopBar } from "./TopBar";
import { isDigit, useClasses } from "./useClasses";
import { useEntry, usePictures, usePixels } from "./usePictures";
import { useRemembered } from "./useRemembered";
import { LookingAt } from "./colours/LookingAt";
import { Cutting } from "./tiles/Cutting";
import { useTiles } from "./tiles/useTiles";
import { useImageState } from "./useImageState";
import { useCalm } from "./useOthers";
import { focusMetadata } from "./metadata/MetadataPanel";
import { focusTags } from "./tags/TagPanel";
import { useWork } from "./workflow/useWork";
import { useShortcuts } from "./useShortcuts";
import { useSpot } from "./useSpot";
import { SidePanel } from "./SidePanel";

interface Props {
  readonly projectId: string;
  readonly imageId: string;
  readonly dark: boolean;
  readonly panel: boolean;
  readonly onTheme: () => void;
  readonly onPanel: () => void;
}

export function Workbench({ projectId, imageId, ...look }: Props) {
  const [editor] = useState(() => new Editor());
  const [help, setHelp] = useState(false);
  const [keysOpen, setKeysOpen] = useState(false);
  const [palette, setPalette] = useState(false);
  const [filtering, setFiltering] = useState(false);
  const [looking, setLooking] = useState(false);
  const [picking, setPicking] = useState(false);
  const [asks, setAsks] = useRemembered<boolean>("boxwright.editor.ask", false);
  const [choosing, setChoosing] = useState(false);
  const opened = useEntry(imageId);
  const pixels = usePixels(imageId);
  const cut = useTiles(imageId, opened.data?.image, pixels.data);
  const pictures = usePictures(projectId, imageId);
  const [told, setTold] = useRemembered<boolean>("boxwright.editor.told", false);
  const classes = useClasses(projectId, editor, told);
  const around = [useQuery(classesQuery(projectId)), pictures.asked];
  const viewOnly = useMay(projectId).why("annotate");
  const entry = opened.data;

  const looked = useImageState(imageId, editor, entry);
  const past = usePast(entry, classes.styles);
  const [asking, setAsking] = useState(false);
  const working = useWork(projectId, imageId, entry, pictures.open);
  const commenting = useComments(projectId, imageId, editor);
  const proposing = useProposing(projectId, entry, editor);

  const carry = useCarry(projectId, editor, pictures);
  const showPanel = (): void => {
    if (!look.panel) look.onPanel();
  };
  const describing = useDescribing(editor, classes, told, setTold, showPanel);
  useNews(imageId);
  useSpot(editor, imageId, entry !== undefined && pixels.data !== undefined);
  useCalm(editor);
  useHand(editor);
  useLooks(editor);
  const assist = useAssist(editor, projectId, pictures.next);
  const toggleHistory = (): void => {
    if (past.opened) past.close();
    else past.open();
    if (!past.opened) showPanel();
  };
  const desk: Desk = {
    editor,
    empty: looked.toggle,
    propose: () => setAsking(viewOnly === undefined),
    history: toggleHistory,
    leave: past.leave,
    outline: assist.outline,
    similar: assist.similar,
    alike: pictures.alike,
    describe: describing,
    tag: () => {
      showPanel();
      requestAnimationFrame(focusTags);
    },
    title: () => {
      showPanel();
      requestAnimationFrame(focusMetadata);
    },
    go: (where) => void carry.go(where),
    carry,
    save: () => (entry?.queue.status.state === "conflict" ? setChoosing(true) : session.flush()),
    work: {
      submit: () => working.take("submit"),
      accept: () => working.take("accept"),
      giveBack: () => {
        if (!working.askWhy()) return false;
        showPanel();
        return true;
      },
      next: working.toNext,
      comment: commenting.begin,
    },
    help: () => setHelp(true),
    settings: () => setKeysOpen(true),
    filter: () => {
      setFiltering(true);
      if (!look.panel) look.onPanel();
    },
    look: () => setLooking(!looking),
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
        onAlike={desk.alike}
        past={past}
        onHistory={toggleHistory}
      />
      <ToolRail editor={editor} look={<LookMenu editor={editor} opened={looking} onOpen={setLooking} />}>
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
          tiles={cut.tiles}
          styles={classes.styles}
        />
        <Notices
          opened={opened}
          pixels={pixels}
          around={around}
          queue={entry?.queue}
          onChoose={() => setChoosing(true)}
        />
        {past.step && entry && (
          <OlderState
            step={past.step}
            newest={entry.queue.revision}
            onRestore={viewOnly === undefined ? past.restore : undefined}
            onBack={() => past.leave()}
          />
        )}
        <Cutting cut={cut} />
        <LookingAt editor={editor} pixels={pixels.data} />
        <Others kind="images" id={imageId} />
        <Navigator editor={editor} pixels={pixels.data} />
        <Pins
          editor={editor}
          commenting={commenting}
          onPick={(id) => {
            commenting.setActive(id);
            showPanel();
          }}
        />
        <Drawing editor={editor} />
        <Waiting editor={editor} />
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
      <SidePanel
        imageId={imageId}
        desk={desk}
        classes={classes}
        past={past}
        looked={looked}
        opened={opened}
        working={working}
        commenting={commenting}
        keeps={carry.keeps}
        describing={describing}
        filter={<FilterMenu editor={editor} classes={classes} opened={filtering} onOpen={setFiltering} />}
        asks={asks}
        onAsks={setAsks}
      />
      <StatusBar editor={editor} name={entry?.image.name ?? ""} state={looked.state} />
      <HelpSheet
        opened={help}
        onClose={() => setHelp(false)}
        onSettings={() => {
          setHelp(false);
          setKeysOpen(true);
        }}
      />
      <Propagate carry={carry} editor={editor} />
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
          tell={(annotation) => describe(annotation, classes.styles)}
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
