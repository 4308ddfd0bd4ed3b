"""Captions as pictures: white on dark, drawn by ourselves with a font of our own, so that no text is taken for markup
and every machine draws the same."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from coaching.errors import BadInput
from coaching.exports.captions import Caption, stretches

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont

WHITE, DARK, CLEAR = (255, 255, 255, 255), (0, 0, 0, 209), (0, 0, 0, 0)
"""Red, green, blue, and how much of them: 209 of 255 is 82%."""

SIZE = 0.042
"""The height of letters as a share of the picture's shorter side: 30 pixels of 720."""

WIDEST = 0.86
"""Of the picture's width."""

HIGHEST = 0.5
"""Of the picture's height: where more people talk at once than fit there, the first to have begun go."""

LONGEST = 200
"""Signs of a word on one line."""

STRANGE = (
    "The captions have letters that can’t be drawn into the picture: Latin, Greek and Cyrillic ones can. Save the film "
    "with separate captions instead."
)

Word = tuple[str, "FreeTypeFont"]
"""A word and the font that it is set in."""


class Letterer:
    """Draws captions for a film of this size. Raises BadInput where one has letters that the font lacks."""

    def __init__(self, captions: Sequence[Caption], width: int, height: int, length_s: float) -> None:
        size = max(12, round(min(width, height) * SIZE))
        self._plain, self._bold = _font("SourceSansPro", size), _font("SourceSansProBold", size)
        self._line, self._pad = round(size * 1.25), round(size * 0.4)
        self._width, self._most = width, max(1, int(height * HIGHEST) // self._line)
        self._shown = [(span.start, self._together(now)) for span, now in stretches(captions, length_s)]
        self.height = max(len(lines) for _, lines in self._shown) * self._line + 3 * self._pad
        """Pixels of the strip along the lower edge that holds them."""

    def pictures(self) -> Iterator[tuple[float, Image]]:
        """From when on which strip is shown, RGBA; the first from 0 on."""
        for start, lines in self._shown:
            yield start, self._strip(lines)

    def _together(self, captions: Sequence[Caption]) -> list[list[Word]]:
        return [line for one in captions for line in self._lines(one)][-self._most :]

    def _lines(self, caption: Caption) -> list[list[Word]]:
        """Its words in lines that fit, the speaker's label in front."""
        words = [(word, self._bold) for word in self._drawable(f"{caption.called}:")]
        words += [(word, self._plain) for word in self._drawable(caption.text)]
        room = self._width * WIDEST
        lines: list[list[Word]] = [[]]
        wide = 0.0
        for word, font in words:
            for piece in _cut(word, font, room):
                more = font.getlength(f"{piece} ")
                if lines[-1] and wide + more > room:
                    lines.append([])
                    wide = 0.0
                lines[-1].append((piece, font))
                wide += more
        return lines

    def _drawable(self, text: str) -> list[str]:
        """The words, letters and accents as one sign, without signs that only steer. Raises BadInput."""
        found = "".join(c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c) != "Cf")
        if any(unicodedata.category(c)[0] in "LMN" and _lacks(self._plain, c) for c in set(found)):
            raise BadInput(STRANGE)
        return found.split()

    def _strip(self, lines: Sequence[Sequence[Word]]) -> Image:
        from PIL import Image, ImageDraw

        strip = Image.new("RGBA", (self._width, self.height), CLEAR)
        if not lines:
            return strip
        draw, widths = ImageDraw.Draw(strip), [_wide(line) for line in lines]
        middle, top = self._width / 2, self.height - len(lines) * self._line - 2 * self._pad
        half = max(widths) / 2 + 2 * self._pad
        box = (middle - half, top, middle + half, self.height - self._pad)
        draw.rounded_rectangle(box, radius=self._pad, fill=DARK)
        for row, (line, wide) in enumerate(zip(lines, widths, strict=True)):
            at = middle - wide / 2
            base = top + self._pad / 2 + row * self._line + self._line * 0.78
            for word, font in line:
                draw.text((at, base), word, WHITE, font, anchor="ls")
                at += font.getlength(f"{word} ")
        return strip


def write(captions: Sequence[Caption], width: int, height: int, length_s: float, out: Path) -> None:
    """A film of the strips for a picture of this size, each from when it is shown on: PNG in MOV, with transparency.

    Raises BadInput where the font lacks letters.
    """
    import av
    import numpy as np

    letterer = Letterer(captions, width, height, length_s)
    with av.open(f"file:{out.absolute()}", "w", format="mov") as container:
        stream = container.add_stream("png", rate=1000, width=width, height=letterer.height, pix_fmt="rgba")
        for moment, strip in letterer.pictures():
            frame = av.VideoFrame.from_ndarray(np.asarray(strip), format="rgba")
            frame.pts, frame.time_base = round(moment * 1000), Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


@cache
def _font(name: str, size: int) -> FreeTypeFont:
    import font_source_sans_pro
    from PIL import ImageFont

    return ImageFont.truetype(getattr(font_source_sans_pro, name), size)


def _wide(line: Sequence[Word]) -> float:
    """Pixels."""
    return sum(font.getlength(f"{word} ") for word, font in line)


def _cut(word: str, font: FreeTypeFont, room: float) -> Iterator[str]:
    """The word, in pieces where it is wider than a line. Of a long one only the start is looked at."""
    while word:
        lengths = range(1, min(len(word), LONGEST) + 1)
        fits = max(1, bisect_right(lengths, room, key=lambda n: font.getlength(f"{word[:n]} ")))
        yield word[:fits]
        word = word[fits:]


def _lacks(font: FreeTypeFont, letter: str) -> bool:
    """Whether the font draws this as it draws what is no letter at all."""
    return bytes(font.getmask(letter)) == _nothing(font)


@cache
def _nothing(font: FreeTypeFont) -> bytes:
    return bytes(font.getmask("\uffff"))
