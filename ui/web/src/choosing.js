// The files of a lesson, chosen once more: after its tab was closed, or the browser let go of them.

import { fingerprint } from "./digest.js";
import { inOrder } from "./order.js";
import { $, sure } from "./page.js";
import { count, size } from "./words.js";

const CLOSED = "The browser does not let this page read the video. Choose it again.";

/** Bytes of an upload that are on the server. */
export const cameOf = (upload) => upload.files.reduce((sum, file) => sum + file.offset, 0);

/**
 * Have somebody choose the files of `upload`; one without an `id` is not known to the server yet. `then.take(files)`
 * with the parts in their order; `then.refuse(sentence)` where it cannot be these.
 */
export function chooseAgain(server, upload, then) {
  const input = $("again-file");
  input.multiple = upload.parts > 1;
  input.onchange = async () => {
    const files = [...input.files];
    input.value = "";
    if (!files.length) return undefined;
    if (files.length !== upload.parts) {
      return then.refuse(`This lesson has ${count(upload.parts, "part")}. Choose all of them together.`);
    }
    try {
      const now = upload.id ? await server.upload(upload.id).catch(() => upload) : upload;
      const ordered = await inOrder(files, now.files, now.sizes);
      if (await same(ordered, now)) then.take(ordered);
    } catch {
      then.refuse(CLOSED);
    }
  };
  input.click();
}

/** Whether these are what began; where they are not, whether to go on with them all the same. */
async function same(files, upload) {
  const came = cameOf(upload);
  if (!came) return true;
  const prints = await Promise.all(files.map(fingerprint));
  const other = files.find((_, n) => {
    const part = upload.files.find(({ position }) => position === n);
    return part && part.fingerprint !== prints[n];
  });
  if (!other) return true;
  const whats =
    `“${other.name}” is not the file that began. Phones often pack a video anew when it is chosen again: it is ` +
    `another version then, and starts from the beginning. ${size(came)} that arrived before are removed.`;
  return sure("This is another version of the video", whats, "Send this one", "Choose again");
}
