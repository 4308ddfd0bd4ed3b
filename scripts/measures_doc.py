"""docs/measures.md, from the docstrings of the measures themselves.

    python scripts/measures_doc.py

A unit test fails where the file is not what this writes.
"""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

from coaching import languages, metrics, trends
from coaching.metrics import WITHOUT_RANGE, measure_lesson
from coaching.metrics.activity import activity
from coaching.metrics.measure import wilson
from coaching.metrics.medians import median_interval
from coaching.metrics.prior import prior
from coaching.metrics.question_kinds import Kind
from coaching.metrics.sentences import TITLES
from coaching.quality import AudioQuality
from coaching.transcript import Floor, Transcript, Turn, Utterance
from coaching.trend_sentences import trend_title
from coaching.trends import COMPARED, HEARD_OFF_S, change, least_change, pooled

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

Every range says in words where it comes from, and there are two sources. Where somebody has checked the lesson by
ear, what they found takes the place of the first for talk, several voices and silence ([how](calibration.md)).

**The machine's own error**, for what is taken from speech activity and for the number of questions. For the number of
questions see there. For the others it was measured on made lessons: adults reading, with rooms and noises mixed in by a
computer. That is not a real classroom, which can be harder: there, the ranges may hold the truth less often. They do
not hold it where people talk in the background, next door or in a corridor: they are heard as people of the lesson. It
is so much either way, by how much louder than the noise the students are:

| students over noise | talk | silence | several voices, of all talk | turns | longest stretch |
|---|---|---|---|---|---|
{levels}

{prior}

docs/benchmarks.md has how often these ranges held the truth, in made lessons with other voices, noises and rooms.

**Chance**, where a measure is a share of few moments, or the usual length of a few: a 95% interval.

{wilson}
{median}

Of a wait, the machine's own error is smaller than this range in one lesson: in made lessons of four minutes the range
held the wait that was true of the lesson nearly always, and the usual wait of ever more such lessons about as often as
a 95% range should. Where several lessons are put together, {off} s are added for it.

These have no range, and their sentences say "about", or "to look at":

{without}
"""

LEVELS, LONG_S = (20.0, 10.0, 3.0), 3600.0
"""Students over noise (dB) and the length (s) for which the ranges are told."""

TRENDS = """\
## Several lessons

`secondlook trend` compares earlier lessons with later ones. No direction of a change is better than the other, and "no
detectable change" is an answer.

{together}

{change}

{least}

{compared}

Two single lessons only tell how they themselves differed. Where the engines, the language or the source of the ranges
differ between lessons, a note says so, since a part of a change may then be the measurement's.
"""

NOT_COMPARED = (
    "Of the others nothing is, because they grow with the length of a lesson or are moments to look at. Lessons are "
    "not taken in pairs: which of them belong together nobody says. A range here has the sources of the lessons' own."
)

ACTIVITY = """\
## What the lesson was like

No measure and no score: a band below the talk ribbon.

{said}
"""

KINDS = {
    Kind.OPEN: "What do you notice?",
    Kind.REASON: "How do you know?",
    Kind.RELATING: "Do you agree with what Ana said?",
    Kind.WH_FACT: "What is six times seven?",
    Kind.YES_NO: "Is it wider?",
    Kind.CHECKING: "Does that make sense?",
    Kind.MANAGEMENT: "Can you sit, please? Also a lone name, in English",
    Kind.TAG: "So it floats, right? Also a lone “okay?”",
    Kind.ECHO: "Three fourths? – repeating a student who has just said it",
}

QUESTIONS = """\
## Kinds of questions

| kind | example | counted as |
|---|---|---|
{kinds}

Kinds are suggestions, made by rules for {languages}. Beside each stand the rule and the words that decided. On
transcripts of real mathematics lessons in English, held out, about seven in ten labels (.72) are the ones that a person
gave; of 100 open questions about 70 are found, and .64 of those found are open. With 15% wrong words .66 of the labels
are right, with 30% .57. The rules find questions even where the recognizer leaves the mark out: with 30% of the marks
lost a lesson's count is off by about 7%, without any punctuation by about 16%. `scripts/bench_measures.py` measures the
rules again. For German nothing has been measured on lessons: its rules are written from grammar.
"""


def main() -> None:
    TARGET.write_text(document(), encoding="utf-8")


def document() -> str:
    """The whole file as text."""
    terms = "\n".join(_wrapped(f"**{word}**: {_text(said)}", "- ") for word, said in _terms())
    kinds = "\n".join(f"| {kind.value} | {KINDS[kind]} | {_counted(kind)} |" for kind in Kind)
    ranges = RANGES.format(
        levels="\n".join(_levels()),
        off=" to ".join(f"{s:g}" for s in sorted({*HEARD_OFF_S.values()})),
        prior=_wrapped(" ".join(_said(prior)[1:])),
        wilson=_wrapped(f"Shares: {_text(wilson)}", "- "),
        median=_wrapped(f"Usual lengths: {_text(median_interval)}".replace("`source`", "its source"), "- "),
        without="\n".join(_wrapped(f"**{TITLES[name]}**: {why}", "- ") for name, why in WITHOUT_RANGE.items()),
    )
    several = TRENDS.format(
        together=_wrapped(
            "**Together.** " + " ".join([*_said(trends)[1:], *_said(pooled)[1:]]).replace(" (`HEARD_OFF_S`)", "")
        ),
        change=_wrapped(f"**Change.** {_text(change)}".replace("measure `name`", "measure")),
        compared=_wrapped(f"Compared are {', '.join(map(_small, COMPARED))}. {NOT_COMPARED}"),
        least=_wrapped(f"**What can be found.** {_text(least_change)}"),
    )
    parts = [
        HEAD,
        f"## Terms\n\n{terms}\n",
        *_measures(),
        QUESTIONS.format(kinds=kinds, languages=languages.names()),
        ACTIVITY.format(said="\n\n".join(_wrapped(p) for p in _said(activity))),
        ranges,
        several,
    ]
    return "\n".join(parts)


def _levels() -> Iterator[str]:
    """How far off each measure may be in a long recording, in a clear one, a usual one and a noisy one."""
    for level in LEVELS:
        known = prior(AudioQuality(0.0, -level), LONG_S)
        assert known
        points = f"±{known.talk_points:.1f} points | ±{known.silence_points:.1f} points"
        percent = (known.several_percent, known.turns_percent, known.longest_percent)
        yield f"| {level:.0f} dB | {points} | " + " | ".join(f"±{p:.0f}%" for p in percent) + " |"


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


def _small(name: str) -> str:
    title = trend_title(name)
    return title[0].lower() + title[1:]


def _wrapped(text: str, mark: str = "") -> str:
    return textwrap.fill(
        text.strip(), 120, initial_indent=mark, subsequent_indent=" " * len(mark), break_on_hyphens=False
    )


if __name__ == "__main__":
    main()
