// Small pictures of the lesson for scrubbing: which part of which sheet shows a moment.

import { startedBy } from "./marks.js";

const CUE = /^(?:(\d+):)?(\d\d):(\d\d\.\d{3}) --> .*\n(\S+)#xywh=(\d+),(\d+),(\d+),(\d+)$/gm;

/** `[{start, sheet, x, y, width, height}]` of a thumbnails.vtt whose address is `base`; empty where it is none. */
export function read(text, base) {
  return [...text.replaceAll("\r", "").matchAll(CUE)].map(([, hours = 0, minutes, seconds, sheet, ...box]) => {
    const [x, y, width, height] = box.map(Number);
    const start = 3600 * hours + 60 * minutes + Number(seconds);
    return { start, sheet: new URL(sheet, base).href, x, y, width, height };
  });
}

/** The picture at `t`; null where there is none. */
export function pictureAt(pictures, t) {
  return pictures[Math.max(0, startedBy(pictures, t) - 1)] ?? null;
}
