// The one who plays: an adapter round <video> or <audio>. It knows time, not pixels.

import { skipTo } from "./cues.js";
import { Watched } from "./watched.js";

export const RATES = [0.5, 0.75, 1, 1.25, 1.5, 2, 2.5, 3];

const REFUSED = ["AbortError", "InvalidStateError", "NotAllowedError", "NotSupportedError", "TypeError"];

/** A browser may say no, or a pause may come first: then it stays as it was. */
async function unlessRefused(ask) {
  try {
    await ask();
  } catch (problem) {
    if (!REFUSED.includes(problem.name)) throw problem;
  }
}

/** Until pictures were counted: 25 a second. */
const FRAME = 1 / 25;

/**
 * `time` (detail `{before, now, jumped}`) at each picture and after each jump; `state` when anything else changed;
 * `trouble` when the recording cannot be played.
 */
export class Player extends EventTarget {
  #element;
  #before = 0;
  #jumped = true;
  #silences = [];
  #skip = false;
  #captions = true;
  #range = null;
  #once = null;
  #frame = FRAME;
  #picture = null;
  #heard = 1;
  #ticking = null;
  #watched = new Watched();
  #heardBy = [];
  #gone = false;

  constructor(element) {
    super();
    this.#element = element;
    const on = (names, act) => names.split(" ").forEach((name) => {
      element.addEventListener(name, act);
      this.#heardBy.push([name, act]);
    });
    on("seeking", () => (this.#jumped = true));
    on("timeupdate seeked", () => this.#tick());
    on("play", () => this.#follow());
    on("play pause ended ratechange volumechange durationchange waiting playing", () => this.#changed());
    // At the recording's own end the element has stopped by itself.
    on("ended", () => this.#range && this.#again());
    on("error", () => this.dispatchEvent(new Event("trouble")));
    if (!element.paused) this.#follow();
  }

  get element() { return this.#element; }
  get time() { return this.#element.currentTime; }
  get duration() { return Number.isFinite(this.#element.duration) ? this.#element.duration : 0; }
  get paused() { return this.#element.paused; }
  get seeking() { return this.#element.seeking; }
  get rate() { return this.#element.playbackRate; }
  get volume() { return this.#element.muted ? 0 : this.#element.volume; }
  get skip() { return this.#skip; }
  get captions() { return this.#captions; }
  get range() { return this.#range; }

  /** Play; where a browser refuses it stays paused. */
  async play() {
    if (this.#element.ended) this.#element.currentTime = this.#range?.start ?? 0;
    await unlessRefused(() => this.#element.play());
  }

  pause() { this.#element.pause(); }

  toggle() { return this.paused ? this.play() : this.pause(); }

  /** Go to `t`. Leaving what was being repeated ends the repeating: nobody is held inside. */
  seek(t) {
    const end = this.duration || Infinity;
    const to = Math.min(end, Math.max(0, t));
    const inside = (range) => range && to >= range.start - 0.05 && to < range.stop;
    if (this.#range && !inside(this.#range)) this.loop(null);
    if (!inside(this.#once)) this.#once = null;
    this.#go(to);
  }

  /** One picture on or back; playing stops for it. */
  step(way) {
    this.pause();
    this.seek(this.time + way * this.#frame);
  }

  setRate(rate) {
    this.#element.preservesPitch = true;
    this.#element.playbackRate = Math.min(RATES.at(-1), Math.max(RATES[0], rate));
  }

  /** The next faster (1) or slower (-1) of the usual rates. */
  changeRate(way) {
    const usual = way > 0 ? RATES.find((rate) => rate > this.rate) : RATES.findLast((rate) => rate < this.rate);
    if (usual) this.setRate(usual);
  }

  /** 0 to 1; 0 is mute, from which `mute` comes back to what was heard. */
  setVolume(volume) {
    const to = Math.min(1, Math.max(0, volume));
    if (to) this.#heard = this.#element.volume = to;
    this.#element.muted = to === 0;
  }

  mute() { this.setVolume(this.volume ? 0 : this.#heard); }

  setSkip(on, silences = this.#silences) {
    this.#skip = on;
    this.#silences = silences;
    this.#changed();
    this.#tick();
  }

  setCaptions(on) {
    this.#captions = on;
    this.#changed();
  }

  /** Repeat `{start, stop}` from now on; null ends it. */
  loop(range) {
    this.#range = range;
    this.#once = null;
    if (range && !(this.time >= range.start && this.time < range.stop)) this.#go(range.start);
    this.#changed();
  }

  /** Play `{start, stop}` once and pause at its end. */
  playRange(range) {
    this.#range = null;
    this.#once = range;
    this.#go(range.start);
    this.#changed();
    return this.play();
  }

  get canPip() {
    return Boolean(globalThis.document?.pictureInPictureEnabled && this.#element.requestPictureInPicture);
  }

  pip() {
    const out = document.pictureInPictureElement === this.#element;
    return unlessRefused(() => (out ? document.exitPictureInPicture() : this.#element.requestPictureInPicture()));
  }

  /** Show `around`, the video with its controls, on the full screen, or leave it. */
  fullscreen(around = this.#element) {
    if (document.fullscreenElement) return document.exitFullscreen();
    // Some phones give only the bare video the full screen.
    if (!around.requestFullscreen) return this.#element.webkitEnterFullscreen?.();
    return unlessRefused(() => around.requestFullscreen());
  }

  /** What was played since the last call: `[[start, end]]`. */
  watched() { return this.#watched.take(); }

  /** Let go of the element. */
  remove() {
    this.#gone = true;
    for (const [name, act] of this.#heardBy) this.#element.removeEventListener(name, act);
    this.pause();
  }

  #go(to) {
    this.#jumped = true;
    this.#element.currentTime = to;
  }

  #changed() { this.dispatchEvent(new Event("state")); }

  /** At each picture while it plays; a hidden page has no pictures, there `timeupdate` goes on. */
  #follow() {
    if (this.#ticking) return;
    const video = this.#element.requestVideoFrameCallback;
    const ask = video ? (act) => video.call(this.#element, act) : (act) => globalThis.requestAnimationFrame?.(act);
    const again = (_, picture) => {
      if (picture) this.#count(picture);
      this.#tick();
      this.#ticking = !this.paused && !this.#gone && ask(again);
    };
    this.#ticking = ask(again);
  }

  /** How long one picture stands: the shortest time between two that came in a row. */
  #count({ mediaTime, presentedFrames }) {
    const last = this.#picture;
    const took = last && presentedFrames === last.presentedFrames + 1 ? mediaTime - last.mediaTime : 0;
    if (took > 1 / 130 && took < 0.2) this.#frame = took;
    this.#picture = { mediaTime, presentedFrames };
  }

  #tick() {
    const [before, now, jumped] = [this.#before, this.time, this.#jumped];
    if (now === before && !jumped) return;
    // A jump counts once it has arrived: before, the element already says where it will be.
    if (this.seeking) return;
    this.#before = now;
    this.#jumped = false;
    if (!jumped) this.#watched.add(before, now);
    this.dispatchEvent(new CustomEvent("time", { detail: { before, now, jumped } }));
    if (!this.paused) this.#steer(now);
  }

  /** What playing on needs: back to the start of a loop, a stop at the end of a clip, past a silence. */
  #steer(now) {
    const range = this.#range ?? this.#once;
    if (range && now >= range.stop) return this.#end(range);
    const to = this.#skip ? skipTo(this.#silences, now) : null;
    if (to === null) return;
    if (range && to >= range.stop) this.#end(range);
    else this.#go(to);
  }

  #again() {
    this.#go(this.#range.start);
    return this.play();
  }

  #end(range) {
    if (this.#range) return this.#again();
    this.#once = null;
    this.pause();
    this.#go(range.stop);
  }
}
