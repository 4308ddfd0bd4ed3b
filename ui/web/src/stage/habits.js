// How somebody likes lessons played: the speed, the loudness, captions, skipped silence. This browser keeps it, for all
// lessons; whether it is mute it does not, or the next lesson would begin without a sound and nobody would know why.

const KEY = "secondlook.playing";

/** Have the player as it was left the last time, and keep what is chosen from now on; `{remove()}`. */
export function habits(player, storage = globalThis.localStorage) {
  const liked = read(storage);
  if (liked.rate) player.setRate(liked.rate);
  if (liked.volume) player.setVolume(liked.volume);
  if (liked.captions === false) player.setCaptions(false);
  if (liked.skip) player.setSkip(true);
  let kept = JSON.stringify(liked);
  const keep = () => {
    const { rate, captions, skip } = player;
    const now = JSON.stringify({ rate, volume: player.volume || read(storage).volume, captions, skip });
    if (now === kept) return;
    kept = now;
    try {
      storage.setItem(KEY, now);
    } catch {} // a full or forbidden storage must not stop anybody from watching
  };
  player.addEventListener("state", keep);
  return { remove: () => player.removeEventListener("state", keep) };
}

/** What is kept, as far as it is what was written here. */
function read(storage) {
  try {
    const { rate, volume, captions, skip } = JSON.parse(storage.getItem(KEY)) ?? {};
    const number = (value, low, high) => (value >= low && value <= high ? value : undefined);
    return { rate: number(rate, 0.5, 3), volume: number(volume, 0, 1), captions, skip };
  } catch {
    return {};
  }
}
