"""docs/measures.md, from the docstrings of the measures themselves.

    python scripts/measures_doc.py

A unit test fails where the file is not what this writes.
"""

from __future__ import annotations

import inspect
import math
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

from coaching import metrics
from coaching.metrics import measure_lesson
from coaching.metrics.measure import wilson
from coaching.metrics.medians import median_interval
from coaching.metrics.prior import BANDS, prior
from coaching.metrics.question_kinds import Kind
from coaching.metrics.sentences import TITLES
from coaching.quality import AudioQuality
from coaching.transcript import Floor, Transcript, Turn, Utterance

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs" / "measures.md"

HEAD = """\
# The measures

What each number of a lesson means, how it is computed, and when it is not given. Written by `scripts/measures_doc.py`
from the code that computes them (`coaching/metrics/`): change a definition there, then run it.

No measure judges. Each has a value with its unit, or a reason why it has none; *undefined* is never 0. Its *components*
are the sums it was made of: they add up over lessons, the value does not. Its *evidence* are the moments that show it.

Pauses are taken from where voices are heard, never from the words. A pause under half a second is often missed. Which
student spoke how much is not shown, because it is not reliable.
"""

RANGES = """\
## Ranges

Every range says in words where it comes from, and there are two sources.

**The machine's own error**, for shares of the time and for the number of questions: about the largest error that was
measured. For the number of questions see there. For shares of the time it is this many percentage points either way,
by how much louder speech is than the noise:

| speech over noise | talk | silence |
|---|---|---|
{bands}

{prior}

**Chance**, where a measure is a share of few moments, or the usual length of a few: a 95% interval.

{wilson}
{median}

A measure without a range is one whose error has not been measured; its sentence says so, or says "about".
"""

KINDS = {
    Kind.OPEN: "What do you notice?",
    Kind.REASON: "How do you know?",
    Kind.RELATING: "Do you agree with what Ana said?",
    Kind.WH_FACT: "What is six times seven?",
    Kind.YES_NO: "Is it wider?",
    Kind.CHECKING: "Does that make sense?",
    Kind.MANAGEMENT: "Can you sit, please? Also a lone name",
    Kind.TAG: "So it floats, right? Also a lone “okay?”",
    Kind.ECHO: "Three fourths? – repeating a student who has just said it",
}

QUESTIONS = """\
## Kinds of questions

| kind | example | counted as |
|---|---|---|
{kinds}

Kinds are suggestions, made by rules for English. On transcripts of real mathematics lessons, held out, about three in
four labels (.74) are the ones that people gave, and open questions are found too rarely rather than too often (of 100
about 71; .83 of those found are open). With 15% wrong words .65 of the labels are right, with 30% .63. The rules find
questions even where the recognizer leaves the mark out; a lesson's count is then off by about 9%.
`scripts/bench_questions.py` measures the rules again.
"""


def main() -> None:
    TARGET.write_text(document(), encoding="utf-8")


def document() -> str:
    """The whole file as text."""
    terms = "\n".join(_wrapped(f"**{word}**: {_text(said)}", "- ") for word, said in _terms())
    kinds = "\n".join(f"| {kind.value} | {KINDS[kind]} | {_counted(kind)} |" for kind in Kind)
    bands = "\n".join(f"| {snr} | ±{talk:.0f} | ±{quiet:.0f} |" for snr, talk, quiet in _bands())
    ranges = RANGES.format(
        bands=bands,
        prior=_wrapped(" ".join(_said(prior)[1:])),
        wilson=_wrapped(f"Shares: {_text(wilson)}", "- "),
        median=_wrapped(f"Usual lengths: {_text(median_interval)}".replace("`source`", "its source"), "- "),
    )
    parts = [HEAD, f"## Terms\n\n{terms}\n", *_measures(), QUESTIONS.format(kinds=kinds), ranges]
    return "\n".join(parts)


def _bands() -> Iterator[tuple[str, float, float]]:
    above = math.inf
    for least, talk, quiet in BANDS:
        bounds = f"less than {above:.0f} dB" if math.isinf(least) else f"{least:.0f} to {above:.0f} dB"
        yield bounds if above < math.inf else f"{least:.0f} dB or more", talk, quiet
        above = least


def _terms() -> Iterator[tuple[str, object]]:
    yield "speech activity", Transcript.speech
    yield "utterance", Utterance
    yield "turn", Turn
    yield "floor", Floor


def _measures() -> Iterator[str]:
    for m in measure_lesson(Transcript(0.0, (), ()), AudioQuality(None, None)):
        yield f"## {TITLES[m.name]}\n\n`{m.name}`, {m.unit}.\n\n{_definition(getattr(metrics, m.name))}\n"


def _counted(kind: Kind) -> str:
    if kind.is_content:
        return "open" if kind.is_open else "closed"
    return "a question" if kind in (Kind.CHECKING, Kind.MANAGEMENT) else "listed, not counted"


def _definition(measure: object) -> str:
    """The docstring of a measure as paragraphs, and as a list what it is made of."""
    first, *more = _said(measure)
    told = [part for paragraph in more for part in _LISTED.split(paragraph) if part]
    listed = [_wrapped(part, "- ") for part in told if _LISTED.match(part)]
    plain = [_wrapped(part) for part in (first, *(part for part in told if not _LISTED.match(part)))]
    return "\n\n".join([*plain, "\n".join(listed)]).rstrip()


_LISTED = re.compile(r"(?:^|(?<=[.;)] ))(?=(?:Components|Evidence|Range|No range|Undefined|Always defined)\b)")


def _text(thing: object) -> str:
    """The docstring in one paragraph, for people who do not read code."""
    return " ".join(_said(thing))


def _said(thing: object) -> list[str]:
    """The paragraphs of a docstring, each on one line; without examples and exceptions."""
    said = re.sub(r"\n+>>>.*", "", inspect.getdoc(thing) or "", flags=re.DOTALL)
    paragraphs = (" ".join(p.split()) for p in said.split("\n\n"))
    return [re.sub(r" ?Raises [^.]*\.", "", p) for p in paragraphs]


def _wrapped(text: str, mark: str = "") -> str:
    return textwrap.fill(
        text.strip(), 120, initial_indent=mark, subsequent_indent=" " * len(mark), break_on_hyphens=False
    )


if __name__ == "__main__":
    main()
