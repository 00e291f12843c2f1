/** What narrows the library, in words, each with what takes it away. */
import { count } from "../../lib/format";
import { common } from "../../strings/common";
import { library as words } from "../../strings/library";
import { proposals } from "../../strings/proposals";
import { work } from "../../strings/work";
import { classesOf, tagsOf, type Change, type ImageFilter } from "./filter";

export interface Chip {
  readonly key: string;
  readonly label: string;
  readonly without: Change;
}

/** Names by id. */
export interface Names {
  readonly classes: ReadonlyMap<string, string>;
  readonly people: ReadonlyMap<string, string>;
  readonly videos: ReadonlyMap<string, string>;
  readonly versions: ReadonlyMap<string, string>;
}

const { chip } = words;

/** All but the file name, which stands in the search box. */
export function chipsOf(filter: ImageFilter, names: Names): Chip[] {
  return [...ofState(filter, names), ...ofObjects(filter, names), ...ofImage(filter, names)];
}

function one(key: string, title: string, value: string, without: Change): Chip {
  return { key, label: `${title}: ${value}`, without };
}

function ofState({ state, assignee, work: done }: ImageFilter, { people }: Names): Chip[] {
  const found: Chip[] = [];
  if (state !== undefined) {
    const name = state === "proposals" ? proposals.toReview : common.state[state];
    found.push(one("state", common.state.label, name, { state: undefined }));
  }
  if (assignee !== undefined) {
    const own: Record<string, string> = { me: work.me, nobody: work.nobody };
    const name = own[assignee] ?? people.get(assignee) ?? work.former;
    found.push(one("assignee", work.filter.assignee, name, { assignee: undefined }));
  }
  if (done !== undefined) {
    const name = done === "open" ? work.filter.open : work.states[done];
    found.push(one("work", work.filter.state, name, { work: undefined }));
  }
  return found;
}

function ofObjects(filter: ImageFilter, { classes }: Names): Chip[] {
  const found: Chip[] = [];
  const named = classesOf(filter).map((id) => classes.get(id) ?? chip.gone);
  if (named.length > 0) {
    found.push(one("class", chip.class, named.join(chip.or), { class: undefined, classes: undefined }));
  }
  const { source, objects, min_share, max_share } = filter;
  if (source !== undefined) {
    found.push(one("source", chip.source, words.objects.sources[source], { source: undefined }));
  }
  const score = range(filter.min_score, filter.max_score, String);
  if (score !== null) found.push(one("score", chip.score, score, { min_score: undefined, max_score: undefined }));
  const area = range(filter.min_area, filter.max_area, count);
  if (area !== null) {
    found.push(one("area", chip.area, chip.pixels(area), { min_area: undefined, max_area: undefined }));
  }
  const share = range(min_share, max_share, (value) => String(percentOf(value)));
  if (share !== null) {
    found.push(one("share", chip.share, chip.percent(share), { min_share: undefined, max_share: undefined }));
  }
  const ratio = range(filter.min_ratio, filter.max_ratio, (value) => String(Number(value.toPrecision(4))));
  if (ratio !== null) found.push(one("ratio", chip.ratio, ratio, { min_ratio: undefined, max_ratio: undefined }));
  found.push(...pair("attribute", chip.attribute, filter.attribute, filter.attribute_value));
  if (objects !== undefined) {
    found.push(one("objects", chip.objects, words.objects.whiches[objects], { objects: undefined }));
  }
  return found;
}

function ofImage(filter: ImageFilter, { videos, versions }: Names): Chip[] {
  const found: Chip[] = [];
  const objects = range(filter.min_objects, filter.max_objects, count);
  if (objects !== null) {
    found.push(one("count", chip.count, objects, { min_objects: undefined, max_objects: undefined }));
  }
  const pixels = range(filter.min_pixels, filter.max_pixels, count);
  if (pixels !== null) {
    found.push(one("pixels", chip.imageSize, chip.pixels(pixels), { min_pixels: undefined, max_pixels: undefined }));
  }
  const tags = tagsOf(filter);
  for (const tag of tags) {
    const others = tags.filter((other) => other !== tag);
    found.push(one(`tag ${tag}`, chip.tag, tag, { tag: undefined, tags: others }));
  }
  found.push(...pair("metadata", chip.metadata, filter.metadata, filter.metadata_value));
  const added = range(filter.from, filter.to, String);
  if (added !== null) found.push(one("added", chip.added, added, { from: undefined, to: undefined }));
  const { comments, video, changed_since } = filter;
  found.push(...ofVersion(changed_since, versions));
  if (comments !== undefined) {
    found.push({ key: "comments", label: words.image.commented[comments], without: { comments: undefined } });
  }
  if (video !== undefined) {
    const any: Record<string, string> = { any: words.image.ofVideo, none: words.image.noVideo };
    const label = any[video] ?? `${chip.video}: ${videos.get(video) ?? chip.gone}`;
    found.push({ key: "video", label, without: { video: undefined } });
  }
  return found;
}

function ofVersion(since: string | undefined, versions: Names["versions"]): Chip[] {
  if (since === undefined) return [];
  return [one("changed", chip.changed, versions.get(since) ?? chip.gone, { changed_since: undefined })];
}

function pair(key: "attribute" | "metadata", title: string, name: string | undefined, value: string | undefined) {
  if (name === undefined) return [];
  const said = value === undefined ? name : chip.is(name, value);
  return [one(key, title, said, { [key]: undefined, [`${key}_value`]: undefined })];
}

function range<T>(low: T | undefined, high: T | undefined, say: (value: T) => string): string | null {
  if (low !== undefined && high !== undefined) return low === high ? say(low) : chip.between(say(low), say(high));
  if (low !== undefined) return chip.least(say(low));
  return high === undefined ? null : chip.most(say(high));
}

/** A share as a percentage, without the tail that binary fractions leave. */
export const percentOf = (share: number): number => Number((share * 100).toPrecision(12));
