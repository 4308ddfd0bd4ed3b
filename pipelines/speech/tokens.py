"""Moonshine's word pieces: a vocabulary of 32,768 byte strings, in the form its wheel carries them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

BEGIN, END = 1, 2
FIRST_PIECE = 3
"""Ids below are marks (unknown, begin, end), never text."""

_SPACE = "▁".encode()
_MARK = re.compile(rb"<<ST_\d+>>")


class Pieces:
    """The pieces, by id. Raises ValueError where the file is not such a vocabulary.

    The file is a run of records: a length (one byte up to 127, else two: low seven bits with the top bit set, then the
    rest) and so many bytes of UTF-8, in which U+2581 stands for a space. Ids 3 to 258 are the 256 single bytes.
    """

    def __init__(self, path: Path) -> None:
        data = path.read_bytes()
        self._bytes: list[bytes] = []
        at = 0
        while at < len(data):
            size, at = data[at], at + 1
            if size >= 128 and at < len(data):
                size, at = size - 128 + 128 * data[at], at + 1
            self._bytes.append(data[at : at + size])
            at += size
        if at != len(data) or self._bytes[:FIRST_PIECE] != [b"<unk>", b"<s>", b"</s>"]:
            raise ValueError(f"{path.name} is not a vocabulary of word pieces")
        self._ids = {piece: number for number, piece in reversed(list(enumerate(self._bytes))) if number >= FIRST_PIECE}

    def __len__(self) -> int:
        return len(self._bytes)

    def text(self, ids: Iterable[int]) -> str:
        """The words that `ids` spell, verbatim, without space at either end."""
        pieces = (self._bytes[i] for i in ids if i >= FIRST_PIECE)
        joined = b"".join(piece for piece in pieces if not _MARK.fullmatch(piece))
        return joined.replace(_SPACE, b" ").decode("utf-8", "replace").strip()

    def spell(self, phrase: str) -> tuple[int, ...]:
        """The pieces of `phrase` as they stand within a sentence, each word after a space.

        Byte-pair encoding: of all neighbours that together are a piece, the one with the lowest id is merged first.
        """
        parts = ["▁" if c == " " else c for c in " " + " ".join(phrase.split())]
        symbols = [p.encode() for p in parts]
        while True:
            pairs = [(self._ids[a + b], i) for i, (a, b) in enumerate(pairwise(symbols)) if a + b in self._ids]
            if not pairs:
                break
            _, i = min(pairs)
            symbols[i : i + 2] = [symbols[i] + symbols[i + 1]]
        return tuple(i for s in symbols for i in ([self._ids[s]] if s in self._ids else [b + FIRST_PIECE for b in s]))
