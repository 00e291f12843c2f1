/** The video editor at work: the canvas of the frame on show, what surrounds it, and what connects it with the server. */
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useMemo, useState } from "react";

import { useServerEvents } from "../../api/events";
import { classesQuery } from "../../api/queries";
import { Editor } from "../../canvas";
import { notifyDone } from "../../components/notify";
import { useMay } from "../../features/people/useMay";
import { video as words } from "../../strings/video";
import type { Desk } from "../actions";
import css from "../annotate.module.css";
import { FilterMenu } from "../arrange/FilterMenu";
import { AttributePanel } from "../attributes/AttributePanel";
import { useDescribing } from "../attributes/useDescribing";
import { ClassList } from "../ClassList";
import { Drawing } from "../Drawing";
import { Options } from "../drawing/Options";
import { useHand } from "../drawing/useHand";
import { Waiting } from "../drawing/Waiting";
import type { FrameLook } from "../EditorFrame";
import { ClassPicker } from "../find/ClassPicker";
import { Palette } from "../find/Palette";
import { FirstClass } from "../FirstClass";
import { OlderState } from "../history/OlderState";
import { LookMenu } from "../look/LookMenu";
import { useLooks } from "../look/useLooks";
import { Notices } from "../Notices";
import { ObjectList } from "../ObjectList";
import { Others } from "../presence/Others";
import { session } from "../session";
import { StatusBar } from "../StatusBar";
import { ToolRail } from "../ToolRail";
import { isDigit, useClasses } from "../useClasses";
import { useCalm } from "../useOthers";
import { useRemembered } from "../useRemembered";
import { useShortcuts } from "../useShortcuts";
import { carrying } from "./clipboard";
import { FromHere } from "./FromHere";
import { Follower } from "./follow";
import { Following } from "./Following";
import { FRAME_FIELD } from "./Player";
import { useTrackPast } from "./past";
import type { Reel } from "./reel";
import { VIDEO_TOOLS } from "./scope";
import { Stage } from "./Stage";
import { Timeline } from "./Timeline";
import { TrackHistory } from "./TrackHistory";
import { useOpenVideo, useReelOf } from "./useVideo";
import { VideoDialogs } from "./VideoDialogs";
import { videos } from "./session";
import { VideoTopBar } from "./VideoTopBar";

export interface VideoPageProps {
  readonly projectId: string;
  readonly videoId: string;
  /** The frame to begin with. */
  readonly frame: number;
  /** Tells which frame is on show, once the hand rests. */
  readonly onFrame: (frame: number) => void;
}

interface Props extends VideoPageProps, FrameLook {}

export function VideoBench({ projectId, videoId, frame, onFrame, ...look }: Props) {
  const [editor] = useState(() => new Editor());
  const [help, setHelp] = useState(false);
  const [keysOpen, setKeysOpen] = useState(false);
  const [looking, setLooking] = useState(false);
  const [picking, setPicking] = useState(false);
  const [palette, setPalette] = useState(false);
  const [filtering, setFiltering] = useState(false);
  const [choosing, setChoosing] = useState(false);
  const [asks, setAsks] = useRemembered<boolean>("boxwright.editor.ask", false);
  const [told, setTold] = useRemembered<boolean>("boxwright.editor.told", false);
  const opened = useOpenVideo(videoId);
  const entry = opened.data;
  const classes = useClasses(projectId, editor, told);
  const past = useTrackPast(entry, classes.styles);
  const reel = useReelOf(editor, entry, frame, past.document);
  const follower = useMemo(() => (reel && entry ? new Follower(reel, entry.queue) : null), [reel, entry]);
  useEffect(() => () => follower?.stop(), [follower]);
  const around = [useQuery(classesQuery(projectId))];
  const viewOnly = useMay(projectId).why("annotate");
  const showPanel = (): void => {
    if (!look.panel) look.onPanel();
  };
  const toggleHistory = (): void => {
    past.toggle();
    if (!past.opened) showPanel();
  };
  const describing = useDescribing(editor, classes, told, setTold, showPanel);
  useNews(videoId);
  useCalm(editor);
  useHand(editor);
  useLooks(editor);
  useAddress(reel, onFrame);
  useRefusals(reel);
  const navigate = useNavigate();
  const openImage = (imageId: string): void =>
    void navigate({ to: "/projects/$projectId/annotate/$imageId", params: { projectId, imageId } });
  const save = (): void => (entry?.queue.status.state === "conflict" ? setChoosing(true) : session.flush());
  const desk: Desk = {
    ...NOT_HERE,
    ...(reel ? { carry: { ...NOT_HERE.carry, ...carrying(projectId, reel) } } : {}),
    palette: () => setPalette(true),
    filter: () => {
      setFiltering(true);
      showPanel();
    },
    editor,
    describe: describing,
    history: toggleHistory,
    leave: past.leave,
    save,
    help: () => setHelp(true),
    settings: () => setKeysOpen(true),
    look: () => setLooking(!looking),
    pick: () => setPicking(true),
    digit: classes.press,
    ...(reel && follower
      ? { film: { reel, follow: (backwards) => follower.toggle(backwards), typeFrame: focusFrame } }
      : {}),
  };
  useShortcuts(desk, (key) => !isDigit(key) && classes.press(key));
  return (
    <>
      <VideoTopBar
        {...look}
        projectId={projectId}
        editor={editor}
        entry={entry}
        viewOnly={viewOnly}
        onHelp={desk.help}
        onSave={save}
        past={past}
        onHistory={toggleHistory}
      />
      <ToolRail
        editor={editor}
        only={VIDEO_TOOLS}
        look={<LookMenu editor={editor} opened={looking} onOpen={setLooking} />}
      />
      <div className={css.stage}>
        <Stage
          editor={editor}
          reel={reel}
          styles={classes.styles}
          readOnly={past.document !== null || viewOnly !== undefined}
        />
        {past.step && entry && (
          <OlderState
            step={past.step}
            hint={words.history.hint}
            newest={entry.queue.revision}
            onRestore={viewOnly === undefined ? past.restore : undefined}
            onBack={() => past.leave()}
          />
        )}
        <Others kind="videos" id={videoId} />
        <Notices
          opened={opened}
          pixels={NO_PIXELS}
          around={around}
          queue={entry?.queue}
          onChoose={() => setChoosing(true)}
          words={words.errors}
        />
        {follower && <Following follower={follower} />}
        <Drawing editor={editor} />
        <Waiting editor={editor} />
        <Options editor={editor} />
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
      <aside className={css.panel} aria-label={words.panel}>
        {past.opened ? (
          <TrackHistory videoId={videoId} past={past} readOnly={viewOnly !== undefined} />
        ) : (
          <ClassList editor={editor} classes={classes} asks={asks} onAsks={setAsks} />
        )}
        <AttributePanel editor={editor} classes={classes} describing={describing}>
          {reel && <FromHere reel={reel} />}
        </AttributePanel>
        <ObjectList
          editor={editor}
          classes={classes}
          isLoading={opened.isPending}
          failed={opened.isError}
          onHistory={toggleHistory}
          menu={<FilterMenu editor={editor} classes={classes} opened={filtering} onOpen={setFiltering} />}
        />
      </aside>
      {reel ? <Timeline reel={reel} desk={desk} classes={classes} /> : <div className={css.time} />}
      <StatusBar editor={editor} name={entry?.video.name ?? ""} />
      <Palette
        opened={palette}
        projectId={projectId}
        desk={desk}
        classes={classes}
        onImage={openImage}
        onClose={() => setPalette(false)}
      />
      <VideoDialogs
        entry={entry}
        classes={classes}
        help={help}
        keys={keysOpen}
        choosing={choosing}
        onHelp={setHelp}
        onKeys={setKeysOpen}
        onChoosing={setChoosing}
      />
    </>
  );
}

const nothing = (): void => undefined;
const never = (): boolean => false;

/** What only images know: no key of this editor asks for it. */
const NOT_HERE: Omit<
  Desk,
  | "editor"
  | "describe"
  | "save"
  | "help"
  | "settings"
  | "look"
  | "pick"
  | "digit"
  | "palette"
  | "filter"
  | "history"
  | "leave"
> = {
  go: nothing,
  empty: nothing,
  propose: nothing,
  work: { submit: never, accept: never, giveBack: never, next: never, comment: never },
  outline: nothing,
  similar: nothing,
  alike: nothing,
  tag: nothing,
  title: nothing,
  carry: {
    copy: never,
    cut: never,
    paste: never,
    take: never,
    toggleKeep: nothing,
    ask: nothing,
  },
};

/** The stage tells by itself how its picture is. */
const NO_PIXELS = { isPending: false, isError: false, error: null, refetch: nothing };

function focusFrame(): void {
  document.getElementById(FRAME_FIELD)?.focus();
}

/** Takes over what other tabs and people save. */
function useNews(videoId: string): void {
  useServerEvents((event) => {
    if (event === "resync") videos.notice(videoId);
    else if (event.topic === "video") {
      const { revision } = event.data;
      videos.notice(event.id, typeof revision === "number" ? revision : undefined);
    }
  });
  useEffect(() => {
    void videos.peek(videoId)?.queue.refresh();
  }, [videoId]);
}

const ADDRESS_MS = 400;

/** The address names the frame on show once the hand rests. */
function useAddress(reel: Reel | null, onFrame: (frame: number) => void): void {
  useEffect(() => {
    let timer: number | undefined;
    const stop = reel?.on("state", ({ playing, frame }) => {
      window.clearTimeout(timer);
      if (!playing) timer = window.setTimeout(() => onFrame(frame), ADDRESS_MS);
    });
    return () => {
      stop?.();
      window.clearTimeout(timer);
    };
  }, [reel, onFrame]);
}

function useRefusals(reel: Reel | null): void {
  useEffect(() => reel?.document.events.on("refused", () => notifyDone(words.refusedKind)), [reel]);
}
