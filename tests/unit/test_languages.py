"""Every language is a data file that can be read, and is in the wheel."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from coaching import languages
from coaching.metrics.question_kinds import Kind

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "coaching" / "languages").glob("*.toml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_language_is_whole(file: Path) -> None:
    known = languages.rules(file.stem)
    assert {rule.at for rule in known.asks} == {"start", "inside", "end"}
    assert {Kind(rule.kind) for rule in known.kinds} == set(Kind) - {Kind.ECHO}, (
        "an echo is told by the student's words"
    )
    assert all(rule.rule.strip() for rule in (*known.asks, *known.kinds))
    assert known.stop_words
    assert known.fillers
    sure = [rule.sure for rule in known.asks]
    assert sure == sorted(sure, reverse=True), "the first that matches decides, so the sure ones stand first"


@pytest.mark.parametrize(("language", "code"), [(None, "en"), ("en", "en"), ("EN-gb", "en"), ("de_AT", "de")])
def test_the_file_of_a_language(language: str | None, code: str) -> None:
    assert languages.code_of(language) == code
    assert languages.knows(language)


@pytest.mark.parametrize("language", ["fr", "eng", "../en", "en/../de", "x" * 1000])
def test_a_language_without_rules_is_known_as_such(language: str) -> None:
    assert not languages.knows(language)
    with pytest.raises(LookupError, match="there are no rules"):
        languages.rules(language)


def test_languages_are_named_as_people_read_them_english_first() -> None:
    assert languages.names() == "English and German"


def test_endings_come_off_long_enough_words() -> None:
    assert [languages.rules("en").stemmed(w) for w in ("stones", "gas", "its")] == ["stone", "gas", "its"]
    assert [languages.rules("de").stemmed(w) for w in ("steine", "steinen", "tee")] == ["stein", "stein", "tee"]


def test_the_files_are_in_the_wheel() -> None:
    data = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["package-data"]
    assert data["coaching.languages"] == ["*.toml"]
