// What began and did not end, here, in a tab that was closed, or on another device.

import { cameOf } from "./choosing.js";
import { $, BYPASS, made, show, sure, write } from "./page.js";
import { percent, size } from "./words.js";

/** Show them. `then.choose(upload, refuse)` to choose its files, where `refuse(sentence)`; `then.remove(upload)`. */
export function unfinished(uploads, then) {
  $("unfinished").replaceChildren(...uploads.map((upload) => item(upload, then)));
}

/** Show one of them as it is now, and leave the others alone: somebody may be at them with the keyboard. */
export function drawAnew(upload, then) {
  document.querySelector(`[data-upload="${upload.id}"]`)?.replaceWith(item(upload, then));
}

function item(upload, then) {
  const element = made("t-unfinished");
  const part = (name) => element.querySelector(`.${name}`);
  const [again, drop] = [part("again"), part("drop-it")];
  const came = cameOf(upload);
  const open = upload.state === "open";
  element.dataset.upload = upload.id;
  write(part("name"), open ? `Carry on with “${upload.name}”` : `“${upload.name}”`);
  write(part("what"), what(upload, came));
  show(part("see"), upload.state === "arrived" && !BYPASS);
  show(again, open);
  write(again, upload.parts > 1 ? `Choose the same ${upload.parts} videos` : "Choose the same video");
  again.onclick = () => then.choose(upload, (sentence) => write(part("what"), sentence));
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
