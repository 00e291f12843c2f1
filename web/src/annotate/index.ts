/** The annotation editor as a page. */
export { AnnotatePage } from "./AnnotatePage";
export type { AnnotatePageProps } from "./AnnotatePage";
