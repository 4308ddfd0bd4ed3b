document.documentElement.classList.add("on");
// A film that lies in the page as text cannot be searched in by every browser; as a blob it can.
for (const film of document.querySelectorAll("video, audio")) {
  const [, text] = film.src.split(",");
  const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  film.src = URL.createObjectURL(new Blob([bytes], { type: "video/mp4" }));
}
document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-at]");
  if (!button) return;
  const film = button.closest(".clip").querySelector("video, audio");
  film.currentTime = Number(button.dataset.at);
  film.play();
});
