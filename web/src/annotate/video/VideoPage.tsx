/** The editor of one video: its frames as pictures, its objects as tracks. */
import { video as words } from "../../strings/video";
import { EditorFrame } from "../EditorFrame";
import { ScopeContext } from "../keymap/scope";
import { VIDEOS } from "./scope";
import { VideoBench } from "./VideoBench";

export interface VideoPageProps {
  readonly projectId: string;
  readonly videoId: string;
  /** The frame to begin with. */
  readonly frame: number;
  /** Tells which frame is on show, once the hand rests. */
  readonly onFrame: (frame: number) => void;
}

export function VideoPage(props: VideoPageProps) {
  return (
    <ScopeContext.Provider value={VIDEOS}>
      <EditorFrame label={words.editor} video>
        {(look) => <VideoBench {...props} {...look} />}
      </EditorFrame>
    </ScopeContext.Provider>
  );
}
