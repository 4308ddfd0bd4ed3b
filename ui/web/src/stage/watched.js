// What somebody has really seen: spans of the recording, joined as they come.

/** Two spans this close are one: between them nothing was left out. */
const TOUCH = 0.05;

export class Watched {
  #spans = [];

  /** It was played from `start` to `end` without a jump. */
  add(start, end) {
    if (end <= start) return;
    const last = this.#spans.at(-1);
    if (last && start >= last[0] && start <= last[1] + TOUCH) last[1] = Math.max(last[1], end);
    else this.#spans.push([start, end]);
  }

  /** `[[start, end]]` in thousandths since the last call. */
  take() {
    const spans = this.#spans;
    this.#spans = [];
    return spans.map((span) => span.map((t) => Math.round(t * 1000) / 1000));
  }
}
