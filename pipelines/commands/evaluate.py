"""`secondlook evaluate`: a lesson against its truth, for a school that checks a model before it trusts it."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coaching.errors import BadInput, one_line
from coaching.metrics.sentences import TITLES
from coaching.readers.lines import seconds
from coaching.spans import Span, clock
from pipelines.commands.reading import read, read_lesson

if TYPE_CHECKING:
    from pipelines.evaluation.compare import Difference, Evaluation


def add(commands: Any) -> None:
    """Add the command to the parser's `commands`."""
    p = commands.add_parser(
        "evaluate",
        help="a lesson against its truth: errors of speakers, roles and every measure",
        description="Compare the results of `analyse` with a truth that people labelled: who spoke when, who is the "
        "teacher, and what the errors do to each measure. docs/evaluate.md says what the numbers mean.",
    )
    p.add_argument("lesson", type=Path, metavar="LESSON", help="a folder of results, or its lesson.json")
    p.add_argument(
        "--truth", required=True, type=Path, metavar="FILE", help="RTTM, ELAN, or CSV with start, end and speaker"
    )
    p.add_argument("--teacher", metavar="NAME", help="who the teacher is in the truth, where no name says teacher")
    p.add_argument("--part", type=_part, metavar="START-END", help="score this part only, as 0:00-5:00")
    p.add_argument("--json", action="store_true", help="one JSON object")
    p.set_defaults(run=run)


def run(arguments: argparse.Namespace, _console: object) -> int:
    from pipelines.evaluation import compare, truth  # load numpy and scipy: not for --help

    lesson = read_lesson(arguments.lesson)
    path: Path = arguments.truth
    lines = truth.read_truth(read(path), path.name)
    duration, language = lesson.transcript.duration, lesson.transcript.language
    if arguments.part and arguments.part.start >= duration:
        raise BadInput(f"The lesson ends at {clock(duration)}, before the part that you named.")
    true = truth.truth_transcript(lines, path.name, arguments.teacher, duration, language)
    part = arguments.part and Span(arguments.part.start, min(arguments.part.end, duration))
    found = compare.evaluate(lesson, true, part)
    if arguments.json:
        print(json.dumps(_document(found)))
    else:
        print("\n".join(_said(lesson.recording.name, path.name, found)))
    return 0


def _part(text: str) -> Span:
    moments = [seconds(half) for half in text.split("-")]
    if len(moments) != 2 or None in moments or not (moments[0] or 0.0) < (moments[1] or 0.0):
        raise argparse.ArgumentTypeError(f"{text!r} is not a part. Write it as 0:00-5:00.")
    return Span(moments[0] or 0.0, moments[1] or 0.0)


def _document(found: Evaluation) -> dict[str, Any]:
    def errors(e: Any) -> dict[str, Any]:
        seconds = {"miss_s": e.miss_s, "false_alarm_s": e.false_alarm_s, "confusion_s": e.confusion_s}
        shares = {"der": e.der, "miss": e.miss, "false_alarm": e.false_alarm, "confusion": e.confusion}
        return shares | seconds | {"speech_s": e.speech_s}

    roles = found.roles and {
        "right": found.roles.right,
        "teacher_right": found.roles.teacher_right,
        "student_right": found.roles.student_right,
        "teacher_s": found.roles.teacher_s,
        "student_s": found.roles.student_s,
    }
    return {
        "event": "evaluated",
        "part": {"start": found.within.start, "end": found.within.end},
        "voices": {"ours": found.voices, "truth": found.true_voices},
        "no_collar": errors(found.errors),
        "collar_0.25_s": errors(found.forgiving),
        "roles": roles,
        "measures": [
            {
                "name": d.name,
                "unit": d.unit,
                "ours": d.ours,
                "truth": d.truth,
                "difference": d.difference,
                "reason": d.reason,
            }
            for d in found.differences
        ],
        "notes": list(found.notes),
    }


def _said(lesson: str, truth: str, found: Evaluation) -> list[str]:
    part = f"{clock(found.within.start)} to {clock(found.within.end)}"
    lines = [f"{one_line(lesson)} against {one_line(truth)}, {part}"]
    lines += [f"Note: {note}" for note in found.notes]
    lines += ["", f"{'Who spoke when':<52}{'exact':>10}{'±0.25 s':>10}"]
    rows = (
        ("diarization error rate (DER)", found.errors.der, found.forgiving.der),
        ("  speech that was missed", found.errors.miss, found.forgiving.miss),
        ("  speech where nobody speaks", found.errors.false_alarm, found.forgiving.false_alarm),
        ("  speech under another voice", found.errors.confusion, found.forgiving.confusion),
    )
    lines += [f"  {title:<50}{_percent(exact):>10}{_percent(forgiving):>10}" for title, exact, forgiving in rows]
    lines += [f"  {found.voices} voices in the lesson, {found.true_voices} in the truth", "", "Who is the teacher"]
    if found.roles:
        parts = (found.roles.right, found.roles.teacher_right, found.roles.student_right)
        for title, share in zip(("speech with the right role", "  the teacher's", "  students'"), parts, strict=True):
            lines.append(f"  {title:<50}{_percent(share):>10}")
    else:
        lines.append("  Not known in the truth. Say who it is with --teacher NAME.")
    lines += ["", f"{'Measures':<52}{'ours':>9}{'truth':>9}{'off by':>9}"]
    for d in found.differences:
        if d.difference is not None:
            lines.append(
                f"  {_title(d):<50}{_number(d.ours):>9}{_number(d.truth):>9}{_number(d.difference, sign='+'):>9}"
            )
    for reason in dict.fromkeys(d.reason for d in found.differences if d.reason):
        titles = ", ".join(TITLES[d.name].lower() for d in found.differences if d.reason == reason)
        lines.append(f"  Not compared: {titles}. {reason}")
    return lines


def _title(d: Difference) -> str:
    title = TITLES[d.name] if d.unit == TITLES[d.name].lower() else f"{TITLES[d.name]}, {d.unit}"
    return title if len(title) <= 50 else title[:49] + "…"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f}%"


def _number(value: float | None, sign: str = "") -> str:
    return "–" if value is None else f"{value:{sign}z.1f}"
