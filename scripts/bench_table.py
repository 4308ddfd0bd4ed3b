"""The benchmark's result as the Markdown that docs/benchmarks.md holds."""

from __future__ import annotations

import statistics
from typing import Any

COMMAND = ".venv/bin/python scripts/bench_speech.py"
AIM_DER = (0.15, 0.20)
"""Median and worst aimed at on the made lessons."""

Row = dict[str, Any]

INTRODUCTION = """# Benchmarks: speakers, words, roles and gaps

Written by `scripts/bench_speech.py`. One set of parameters for every file. Truth and result both have a speaker's own
pauses under 0.5 s filled, as the measures count them, and the aims are judged on that; *raw* is against the truth as it
is. The right role is the share of detected seconds of one voice that carry the right role and no other.

The made lessons are adults reading, mixed into a lesson with noise and a small room: they rank methods and find
regressions. They are not a classroom, and promise no accuracy in one."""

PARTS, COUNTS = "miss / false alarm / confusion", "speakers true : found"
"""Heads of columns that stand in several tables."""


def markdown(result: dict[str, Any]) -> str:
    """`result` has a section for each part that has run: its machine, and its rows."""
    sections = {"speakers": _speakers, "words": _words, "peer": _peer, "whole": _whole}
    parts = [INTRODUCTION]
    for name, write in sections.items():
        if name in result:
            parts += write(result[name]["rows"])
            m = result[name]["machine"]
            parts.append(
                f"*`{COMMAND} --parts {name}`, {m['date']}, commit {m['commit']}: {m['processor']}, {m['cores']} cores "
                f"with other work beside it, {m['memory_gb']} GB, Python {m['python']}.*"
            )
    return "\n\n".join(parts) + "\n"


def _speakers(rows: list[Row]) -> list[str]:
    lessons, unseen, worse, talk = (
        [r for r in rows if r["group"] == g] for g in ("lessons", "unseen", "worse", "talk")
    )
    return [
        "## Made lessons, 10 minutes each",
        _lesson_table(lessons),
        _summary(lessons),
        "## Made lessons that nothing was tuned on",
        _lesson_table(unseen),
        _summary(unseen),
        "## Worse recordings, to see where it breaks",
        "Noise as loud as speech, or students far from the microphone. They are what the floors in "
        "`coaching/quality.py` and the ranges in `coaching/metrics/prior.py` were read off.",
        _lesson_table(worse),
        "## Talk that was not made from readings",
        "The sample lesson (synthetic voices), a telephone call, and excerpts of meetings with far microphones.",
        _talk_table(talk),
        "## Pauses between speech, on the made lessons",
        _gap_table(lessons + unseen),
        "## What it costs",
        _cost_table(lessons),
    ]


def _words(rows: list[Row]) -> list[str]:
    body = [[r["file"], str(r["words"]), f"{100 * r['wer']:.0f}%"] for r in rows]
    return ["## Words", _table(["recording", "words", "word errors"], body)]


def _table(head: list[str], body: list[list[str]]) -> str:
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [head, ["---"] * len(head), *body])


def _lesson_table(rows: list[Row]) -> str:
    head = [
        "lesson",
        "SNR heard (students')",
        "DER",
        PARTS,
        "raw",
        "0.25 s collar",
        COUNTS,
        "teacher talk, points off",
        "silence, points off",
        "right role",
    ]
    return _table(
        head,
        [
            [
                r["file"],
                f"{r['snr_db']} ({r['student_snr_db']}) dB",
                f"{r['der']:.3f}",
                f"{r['miss']:.3f} / {r['false_alarm']:.3f} / {r['confusion']:.3f}",
                f"{r['der_raw']:.3f}",
                f"{r['der_25']:.3f}",
                f"{r['speakers_true']} : {r['speakers_found']}",
                f"{r['share_true']:.1f}%, {r['share_error']:+.1f}",
                f"{r['silence_error']:+.1f}",
                f"{100 * r['right_role']:.1f}%",
            ]
            for r in rows
        ],
    )


def _summary(rows: list[Row]) -> str:
    ders = [r["der"] for r in rows]
    shares = [abs(r["share_error"]) for r in rows]
    roles = [r["right_role"] for r in rows]
    counts = [abs(r["speakers_found"] / r["speakers_true"] - 1) for r in rows]
    median, worst = AIM_DER
    said = [
        f"DER {statistics.median(ders):.3f} in the median (aim {median}), {max(ders):.3f} at worst (aim {worst})",
        f"teacher talk at most {max(shares):.1f} points off (aim 3)",
        f"the right role in at least {100 * min(roles):.1f}% of the speech found (aim 95%)",
        f"number of speakers at most {100 * max(counts):.0f}% off (aim 25%)",
    ]
    return "In short: " + "; ".join(said) + "."


def _talk_table(rows: list[Row]) -> str:
    head = ["recording", "DER", PARTS, "raw", "0.25 s collar", COUNTS]
    return _table(
        head,
        [
            [
                r["file"],
                f"{r['der']:.3f}",
                f"{r['miss']:.3f} / {r['false_alarm']:.3f} / {r['confusion']:.3f}",
                f"{r['der_raw']:.3f}",
                f"{r['der_25']:.3f}",
                f"{r['speakers_true']} : {r['speakers_found']}",
            ]
            for r in rows
        ],
    )


def _gap_table(rows: list[Row]) -> str:
    body = []
    for shortest in ("0.5", "1", "2"):
        scores = [r["gaps"][shortest] for r in rows]
        true, found, claimed, right = (sum(s[key] for s in scores) for key in ("true", "found", "claimed", "right"))
        edges = [s["edge_s"] for s in scores if s["edge_s"] is not None]
        body.append([f"{shortest} s or more", f"{found} of {true}", f"{found / true:.3f}", f"{right / claimed:.3f}",
                     f"{statistics.median(edges):.3f} s"])  # fmt: skip
    return _table(["pauses", "found", "recall", "precision", "median error of an edge"], body)


def _cost_table(rows: list[Row]) -> str:
    stages = list(rows[0]["cpu_per_s"])
    body = [[s, f"{statistics.mean(r['cpu_per_s'][s] for r in rows):.4f}"] for s in stages]
    body.append(["all", f"{statistics.mean(sum(r['cpu_per_s'].values()) for r in rows):.4f}"])
    return _table(["stage", "CPU seconds per second of audio"], body)


def _peer(rows: list[Row]) -> list[str]:
    body = []
    for p in rows:
        o = p["ours"]
        mine = o["cpu_per_s"]["speakers"] + o["cpu_per_s"]["words"]
        body.append([p["file"], f"{p['der']:.3f}", f"{o['der']:.3f}", f"{p['speakers_true']} : {p['speakers_found']}",
                     f"{o['speakers_true']} : {o['speakers_found']}", f"{p['cpu_per_s']:.2f}", f"{mine:.3f}",
                     f"{p['cpu_per_s'] / mine:.0f} times"])  # fmt: skip
    head = ["recording", "its DER", "ours", f"its {COUNTS}", "ours", "its CPU s per s of audio", "ours", "ratio"]
    return [
        "## Against moonshine_voice's own transcription with `identify_speakers`, in the same run",
        _table(head, body),
    ]


def _whole(rows: list[Row]) -> list[str]:
    body = []
    for w in rows:
        times = [f"{w['wall_s'] / 60:.1f} min", f"{w['cpu_s'] / 60:.1f} min"]
        body.append(
            [
                f"{w['minutes']} min",
                *times,
                f"{w['peak_mb']} MB",
                f"{w['speakers_peak_mb']} MB" if w["speakers_peak_mb"] else "",
            ]
        )
    head = ["lesson", "wall time", "CPU time", "peak memory", "peak memory, speakers alone"]
    return ["## The whole command", _table(head, body)]
