// A photo made small enough for a corridor’s network. What a camera writes beside the pixels, such as where, is left out.

const SIDE = 1600;
const MOST_BYTES = 800_000;

/** A JPEG as a Blob; null where the browser cannot read the picture. */
export async function shrunk(file) {
  try {
    const picture = await createImageBitmap(file);
    for (const [side, quality] of [[SIDE, 0.82], [SIDE, 0.6], [SIDE / 2, 0.6]]) {
      const scale = Math.min(1, side / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [picture.width, picture.height].map((size) => Math.max(1, Math.round(size * scale)));
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      const made = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
      if (made && made.size <= MOST_BYTES) return made;
    }
  } catch {
    // told below
  }
  return null;
}
