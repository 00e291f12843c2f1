/** What a queue and the journal carry work for: an image by its id, or the tracks of a video by a name of their own. */

const VIDEO = "video/";

export const videoSubject = (videoId: string): string => VIDEO + videoId;
export const isVideo = (subject: string): boolean => subject.startsWith(VIDEO);
export const videoIdOf = (subject: string): string => subject.slice(VIDEO.length);
