// The sound's waveform as BBC audiowaveform writes it: the lowest and highest sample of each short stretch.

const EIGHT_BITS = 1;

/**
 * @param buffer a `.dat` file, version 1 (header of 20 bytes) or 2 (24), 8 bits, one channel
 * @returns {{rate: number, points: Int8Array, loudest: number}} points a second; low and high in turn; null where it
 *   is something else, for a lesson without a waveform is still a lesson
 */
export function read(buffer) {
  if (buffer.byteLength < 20) return null;
  const head = new DataView(buffer);
  const [version, flags, samples, each, count] = [0, 4, 8, 12, 16].map((at) => head.getInt32(at, true));
  const begin = { 1: 20, 2: 24 }[version];
  if (!begin || buffer.byteLength < begin || flags !== EIGHT_BITS || samples <= 0 || each <= 0) return null;
  if (version === 2 && head.getInt32(20, true) !== 1) return null;
  // A file that was cut off shows as far as it goes.
  const there = Math.min(count >>> 0, (buffer.byteLength - begin) >> 1);
  const points = new Int8Array(buffer, begin, 2 * there);
  return { rate: samples / each, points, loudest: loudest(points) };
}

/** What counts as full height: one point in a hundred is louder, so that a slammed door flattens nothing. */
function loudest(points) {
  const heights = new Uint32Array(129);
  for (let i = 0; i < points.length; i += 2) heights[Math.max(-points[i], points[i + 1], 0)]++;
  let left = points.length / 200;
  let height = 128;
  while (height > 1 && (left -= heights[height]) > 0) height--;
  return height;
}

/** `count` bars from `from` to `to` seconds, each 0 to 1; 0 beyond the sound. */
export function bars({ rate, points, loudest }, from, to, count) {
  const step = ((to - from) * rate) / count;
  return Array.from({ length: count }, (_, n) => {
    const [first, last] = [Math.floor(from * rate + n * step), Math.ceil(from * rate + (n + 1) * step)];
    let high = 0;
    for (let i = Math.max(0, first); i < last && 2 * i < points.length; i++) {
      high = Math.max(high, -points[2 * i], points[2 * i + 1]);
    }
    return Math.min(1, high / loudest);
  });
}
