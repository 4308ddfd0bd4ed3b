// What began and did not end, here, in a tab that was closed, or on another device.

import { fingerprint } from "./digest.js";
import { inOrder } from "./order.js";
import { $, BYPASS, made, show, sure, write } from "./page.js";
import { count, percent, size } from "./words.js";

/** Show them. `carryOn(upload, files)` with the parts in their order; `remove(upload)`. */
export function unfinished(uploads, then) {
  $("unfinished").replaceChildren(...uploads.map((upload) => item(upload, then)));
}

/** Choose the files of an upload as if its button had been pressed. */
export function choose(upload) {
  document.querySelector(`[data-upload="${upload.id}"] input`)?.click();
}

function item(upload, then) {
  const element = made("t-unfinished");
  const part = (name) => element.querySelector(`.${name}`);
  const [again, drop, input] = [part("again"), part("drop-it"), element.querySelector("input")];
  const came = upload.files.reduce((sum, file) => sum + file.offset, 0);
  const open = upload.state === "open";
  element.dataset.upload = upload.id;
  write(part("name"), open ? `Carry on with “${upload.name}”` : `“${upload.name}”`);
  write(part("what"), what(upload, came));
  show(part("see"), upload.state === "arrived" && !BYPASS);
  show(again, open);
  write(again, upload.parts > 1 ? `Choose the same ${upload.parts} videos` : "Choose the same video");
  again.onclick = () => input.click();
  input.multiple = upload.parts > 1;
  input.onchange = async () => {
    const files = [...input.files];
    input.value = "";
    if (files.length !== upload.parts) {
      const needs = `This lesson has ${count(upload.parts, "part")}. Choose all of them together.`;
      return files.length && write(part("what"), needs);
    }
    const ordered = await inOrder(files, upload.files);
    if (came && !(await same(ordered, upload, came))) return undefined;
    return then.carryOn(upload, ordered);
  };
  show(drop, upload.state !== "checking" && upload.state !== "arrived");
  write(drop, "Remove");
  drop.setAttribute("aria-label", `Remove “${upload.name}”`);
  drop.onclick = async () => {
    const gone = `What has arrived of “${upload.name}”, ${size(came)}, is removed from the server.`;
    if (came && open && !(await sure("Remove it?", gone, "Remove"))) return;
    await then.remove(upload);
  };
  return element;
}

/** Whether these are what began; where they are not, whether to go on with them all the same. */
async function same(files, upload, came) {
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

function what(upload, came) {
  if (upload.state === "checking") return "All of it has arrived and is being checked. You can close this page.";
  if (upload.state === "arrived") return "It’s there.";
  if (upload.state === "refused") return upload.reason;
  const why = upload.reason ? `${upload.reason} ` : "";
  const whole = upload.files.length === upload.parts ? upload.files.reduce((sum, file) => sum + file.size, 0) : 0;
  if (!came) return `${why}Nothing of it has arrived yet.`;
  if (came === whole) return `${why}All of it has arrived. Choose the same video again, so that it can be compared.`;
  return `${why}${whole ? `${percent(came, whole)}%, ` : ""}${size(came)} of it are safe on the server. Choose the same video again and it carries on from there.`;
}
