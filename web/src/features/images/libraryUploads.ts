import { useSyncExternalStore } from "react";
import type { Schemas } from "../../api/client";
import { sendFile } from "../../api/sendFile";
import type { Image, Split } from "../../api/types";
import type { Picked } from "../../lib/files";
import { common } from "../../strings/common";
import { images as words } from "../../strings/images";
import { UploadQueue } from "./uploadQueue";

export interface LibraryTarget {
  projectId: string;
  split: Split;
}

const PICTURE = /\.(jpe?g|jfif|png|webp|bmp|dib|gif|tiff?|avif|heic|heif)$/i;
const ARCHIVE = /\.(zip|tar|tgz|tar\.gz)$/i;

/** Why a file is not sent at all, or an empty string. The server decides about everything that looks like a picture. */
export function refuseNonPicture(picked: Picked): string {
  return picked.file.type.startsWith("image/") || PICTURE.test(picked.path) ? "" : words.uploads.notPicture;
}

export function isArchive(picked: Picked): boolean {
  return ARCHIVE.test(picked.path);
}

/** Uploads go on while one moves through the pages, so their queue belongs to the tab and not to a page. */
export const libraryUploads = new UploadQueue<LibraryTarget>(async (item, onProgress, signal) => {
  const { projectId, split } = item.target;
  const query = new URLSearchParams({ name: item.picked.path, split });
  const url = `/api/v1/projects/${projectId}/images?${query.toString()}`;
  const answer = await sendFile<Schemas["Uploaded"]>("POST", url, item.picked.file, { onProgress, signal });
  return answer.duplicate_of === null ? remark(answer.image, split) : words.uploads.duplicate;
});

/** The same file under the same name is not stored twice; the answer is then the image that was here before. */
function remark(image: Image, split: Split): string {
  const here = image.revision > 0 || image.split !== split;
  return here ? words.uploads.here(common.split[image.split]) : "";
}

export function useLibraryUploads() {
  return useSyncExternalStore(libraryUploads.subscribe, libraryUploads.read);
}
