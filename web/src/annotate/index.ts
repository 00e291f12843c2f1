/** The editors as pages: that of images, and that of videos. */
export { AnnotatePage } from "./AnnotatePage";
export type { AnnotatePageProps } from "./AnnotatePage";
export { VideoPage } from "./video/VideoPage";
export type { VideoPageProps } from "./video/VideoBench";
