"""Records of an archive in words, and the ZIP as it comes piece by piece."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from zipfile import ZipFile

import pytest

from coaching.comments import Audience, Comment
from coaching.exports.archive import to_read, told
from coaching.people import Membership, Person
from coaching.services.archive import Entry
from ui.archive import PIECE, SignedOut, zipped

NOW = datetime(2026, 11, 27, 12, 5, tzinfo=UTC)
ME = "0" * 24


def test_records_are_told_by_the_names_of_their_fields():
    comment = Comment("c" * 24, ME, "Anna", 61.5, None, "<b>", Audience.LESSON, NOW, labels=("Wait",))
    found = told(comment, ("colours",))
    assert (found["start"], found["stop"], found["audience"], found["labels"]) == (61.5, None, "lesson", ["Wait"])
    assert found["made"] == "2026-11-27T12:05:00+00:00"
    assert "colours" not in found
    assert told({date(2026, 1, 2): frozenset({"b", "a"})}) == {"2026-01-02": ["a", "b"]}
    assert told(Person(ME, "anna@hill.org", "Anna", (("Hill", Membership.TEACHER),))) == {
        "name": "Anna",
        "email": "anna@hill.org",
    }


def test_people_read_names_days_and_clocks_and_no_ids():
    record = {"by": ME, "of": "f" * 24, "day": "2026-01-02", "start": 61.5, "none": None, "no": False, "yes": True}
    assert to_read(record, {ME: "you"}) == {"by": "you", "day": "2 January 2026", "start": "1:01", "yes": "yes"}
    assert to_read({"a_b": [{"x": ""}, {"x": "2026-11-27T12:05:00+00:00"}]}, {}) == {
        "a b": [{"x": "27 November 2026, 12:05 UTC"}]
    }


def entries(*films: str):
    yield Entry("README.txt", "What is what", "About", "Hello")
    yield Entry("a/b.json", "<script>alert(1)</script>", "<b>Of", "{}", read={"<i>": ["<u>", {"x": "</section>"}]})
    for film in films:
        yield Entry(f"a/{film}", "Film", "Films", path=film)


def always() -> None: ...


def index(**told) -> str:
    return repr(told)


def test_a_film_comes_in_pieces_and_the_rest_is_where_the_index_says(tmp_path):
    (tmp_path / "film.mp4").write_bytes(bytes(range(256)) * 4096 * 5)
    pieces = list(zipped(entries("film.mp4", "gone.mp4"), tmp_path, NOW, index, always))
    assert max(map(len, pieces)) < 2 * PIECE
    with ZipFile(io.BytesIO(b"".join(pieces))) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["README.txt", "a/b.json", "a/b.html", "a/film.mp4", "index.html"]
        assert archive.read("a/film.mp4") == (tmp_path / "film.mp4").read_bytes()
        page = archive.read("a/b.html").decode()
        assert "gone" not in str(archive.namelist())
        assert "('Films', 'Film')" in archive.read("index.html").decode()
    assert "<script>alert" not in page
    assert "<u>" not in page
    assert page.count("</section>") == 1
    assert 'href="../index.html"' in page


def test_whoever_is_signed_out_gets_no_more_and_the_film_is_closed(tmp_path):
    (tmp_path / "film.mp4").write_bytes(bytes(PIECE) * 200)
    asked = 0

    def still() -> None:
        nonlocal asked
        asked += 1
        if asked > 4:  # three entries, then the first look in the film
            raise SignedOut

    came: list[int] = []
    with pytest.raises(SignedOut):
        came.extend(map(len, zipped(entries("film.mp4"), tmp_path, NOW, index, still)))
    assert 64 * PIECE < sum(came) < 130 * PIECE
