/** The editor of one video: its frames as pictures, its objects as tracks. */
import { video as words } from "../../strings/video";
import { EditorFrame } from "../EditorFrame";
import { ScopeContext } from "../keymap/scope";
import { VIDEOS } from "./scope";
import { VideoBench } from "./VideoBench";
import type { VideoPageProps } from "./VideoBench";

export function VideoPage(props: VideoPageProps) {
  return (
    <ScopeContext.Provider value={VIDEOS}>
      <EditorFrame label={words.editor} video>
        {(look) => <VideoBench {...props} {...look} />}
      </EditorFrame>
    </ScopeContext.Provider>
  );
}
