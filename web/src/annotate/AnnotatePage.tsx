/** The annotation editor: the canvas, what surrounds it, and what connects the two with the server. */
import { annotate as text } from "../strings/annotate";
import { EditorFrame } from "./EditorFrame";
import { Workbench } from "./Workbench";

export interface AnnotatePageProps {
  readonly projectId: string;
  readonly imageId: string;
}

export function AnnotatePage(props: AnnotatePageProps) {
  return <EditorFrame label={text.title}>{(look) => <Workbench {...props} {...look} />}</EditorFrame>;
}
