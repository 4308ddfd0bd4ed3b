"""Moonshine's vocabulary file."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.speech.moonshine import _model_folder
from pipelines.speech.tokens import Pieces


@pytest.fixture(scope="module")
def pieces() -> Pieces:
    return Pieces(_model_folder() / "tokenizer.bin")


def test_the_whole_vocabulary_is_read(pieces: Pieces) -> None:
    assert len(pieces) == 32_768


@pytest.mark.parametrize("text", ["And so my fellow Americans", "Siobhan", "naïve 😀", "Is it 3/4, or half?"])
def test_spelled_and_read_back(pieces: Pieces, text: str) -> None:
    assert pieces.text(pieces.spell(text)) == text


def test_common_words_are_one_piece(pieces: Pieces) -> None:
    assert len(pieces.spell("fellow Americans")) == 2
    assert pieces.spell("  fellow \n Americans ") == pieces.spell("fellow Americans")


def test_marks_are_no_text(pieces: Pieces) -> None:
    assert pieces.text([1, *pieces.spell("yes"), len(pieces) - 1, 2]) == "yes"  # the last piece is <<ST_767>>


def test_long_pieces_have_two_bytes_of_length(tmp_path: Path) -> None:
    # 300 = 44 + 2 x 128, so its length is written 44 + 128 = 172, then 2.
    marks = b"\x05<unk>\x03<s>\x04</s>"
    (tmp_path / "v.bin").write_bytes(marks + bytes([172, 2]) + b"a" * 300 + b"\x01b")
    assert Pieces(tmp_path / "v.bin").text([3, 4]) == "a" * 300 + "b"


@pytest.mark.parametrize("data", [b"", b"RIFF....WAVE", b"\x05<unk>\x03<s>\x04</s>\x09cut"])
def test_another_file_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "v.bin").write_bytes(data)
    with pytest.raises(ValueError, match=r"v\.bin is not a vocabulary"):
        Pieces(tmp_path / "v.bin")
