"""What is known of each language: how a question is told, its kinds, and the words that carry no matter.

One data file a language (`en.toml`, `de.toml`), named by its ISO 639-1 code; to add a language is to add a file. It is
read and compiled once, when first asked for. Rules are a name and a pattern over *plain* text (`question_rules.plain`).
In a pattern `<NAME>` is one of the file's own `[pieces]`; a line's end and the indent after it are not part of it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

ENGLISH = "en"
"""What a transcript that names no language is taken for."""


@dataclass(frozen=True, slots=True)
class Asking:
    """A rule that finds a question without its mark.

    `at`: "start" (of a clause, after openers such as "okay, so"), "inside" (anywhere) or "end". `sure`: only word
    orders that a statement hardly has; the others are right about two times in three.
    """

    rule: str
    at: str
    sure: bool
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Naming:
    """A rule that tells the kind of a question, read from its start after openers; `kind` is a `Kind`'s value."""

    kind: str
    rule: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Language:
    """The rules of one language, compiled.

    `statement` is what decided where no rule knows a question. `openers`: what people say before they begin; `breaks`:
    where speech without punctuation begins anew. `no_name`: a word that is nobody's name though it stands alone with a
    capital; None where a capital does not tell. `small`: words that an echo may add. `stop_words`: those that two
    people share by speaking the language at all; `fillers`: those of small change, "okay" and the like. `endings`,
    longest first, come off a word where `stem` letters are left.
    """

    name: str
    statement: str
    openers: re.Pattern[str]
    breaks: re.Pattern[str]
    asks: tuple[Asking, ...]
    kinds: tuple[Naming, ...]
    no_name: re.Pattern[str] | None
    small: frozenset[str]
    stop_words: frozenset[str]
    fillers: frozenset[str]
    endings: tuple[str, ...]
    stem: int

    def stemmed(self, word: str) -> str:
        """`word` without its ending, so that a plural meets its singular."""
        for ending in self.endings:
            if word.endswith(ending) and len(word) - len(ending) >= self.stem:
                return word.removesuffix(ending)
        return word


def code_of(language: str | None) -> str:
    """The code that a file is named by: `de` of `de-AT`; English where the transcript names no language."""
    return re.split("[-_]", (language or ENGLISH).lower())[0]


def knows(language: str | None) -> bool:
    """Whether there are rules for a transcript's language."""
    return code_of(language) in _codes()


def rules(language: str | None) -> Language:
    """The rules for a transcript's language. Raises LookupError where there are none: ask `knows` first."""
    code = code_of(language)
    if code not in _codes():
        raise LookupError(f"there are no rules for the language {language!r}")
    return _load(code)


@cache
def names() -> str:
    """The languages with rules, as people read them: English and German."""
    every = [_load(code).name for code in sorted(_codes(), key=lambda code: (code != ENGLISH, code))]
    return " and ".join(filter(None, (", ".join(every[:-1]), every[-1])))


@cache
def _codes() -> frozenset[str]:
    files = (file.name for file in resources.files(__name__).iterdir())
    return frozenset(name.removesuffix(".toml") for name in files if name.endswith(".toml"))


@cache
def _load(code: str) -> Language:
    data = tomllib.loads(resources.files(__name__).joinpath(f"{code}.toml").read_text(encoding="utf-8"))
    speech, words = data["speech"], data["words"]
    pieces: dict[str, str] = {}
    for name, text in data["pieces"].items():
        pieces[name] = _filled(text, pieces)

    def pattern(text: str) -> re.Pattern[str]:
        return re.compile(_filled(text, pieces))

    return Language(
        name=data["name"],
        statement=data["statement"],
        openers=pattern(speech["openers"]),
        breaks=pattern(speech["breaks"]),
        asks=tuple(Asking(a["rule"], a["at"], a.get("sure", True), pattern(a["pattern"])) for a in data["asks"]),
        kinds=tuple(Naming(k["kind"], k["rule"], pattern(k["pattern"])) for k in data["kinds"]),
        no_name=pattern(data["names"]["never"]) if "names" in data else None,
        small=_words(words["small"]),
        stop_words=_words(words["stop"]),
        fillers=_words(words["fillers"]),
        endings=tuple(words["endings"]),
        stem=words["stem"],
    )


def _filled(text: str, pieces: Mapping[str, str]) -> str:
    joined = re.sub(r"(?:^|\n)\s*", "", text)
    return re.sub(r"<([A-Z_]+)>", lambda found: pieces[found[1]], joined)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())
