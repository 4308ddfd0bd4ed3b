"""The benchmark's result as the Markdown that docs/benchmarks.md holds."""

from __future__ import annotations

import statistics
from typing import Any

import bench_blur_table
import bench_review_table
import bench_store_table
import bench_web_table
from bench_measures_table import measures_text

COMMAND = ".venv/bin/python scripts/bench_{script}.py"
WEB = ("library", "clients", "upload", "seek", "first_load")
REVIEW = ("opening", "comments", "smooth", "memory", "clients")
COMMANDS = {
    **{script: COMMAND.format(script=script) for script in ("jobs", "corrections", "activity", "gpu", "store")},
    "faces": COMMAND.format(script="blur"),
    "measures_sound": COMMAND.format(script="measures") + " --parts sound --lessons {lessons}",
    "measures_text": COMMAND.format(script="measures") + " --parts text",
    **{f"web_{part}": COMMAND.format(script="web") + f" --parts {part}" for part in WEB},
    **{f"review_{part}": COMMAND.format(script="review") + f" --parts {part}" for part in REVIEW},
}
"""Of the sections that bench_speech.py does not write."""

AIM_DER = (0.15, 0.20)
"""Median and worst aimed at on the made lessons."""

Row = dict[str, Any]

INTRODUCTION = """# Benchmarks: speakers, words, roles and gaps; GPU engines; jobs; corrections; activity; measures

Below each section stands the command that wrote it; where none of its own is named, `scripts/bench_speech.py` did.

One set of parameters for every file. Truth and result both have a speaker's own pauses under 0.5 s filled, as the
measures count them, and the aims are judged on that; *raw* is against the truth as it is. The right role is the share
of detected seconds of one voice that carry the right role and no other.

The made lessons are adults reading, mixed into a lesson with noise and a small room: they rank methods and find
regressions. They are not a classroom, and promise no accuracy in one."""

PARTS, COUNTS = "miss / false alarm / confusion", "speakers true : found"
"""Heads of columns that stand in several tables."""


def markdown(result: dict[str, Any]) -> str:
    """`result` has a section for each part that has run: its machine and rows, maybe a `note` on how it ran."""
    sections = {
        "speakers": _speakers,
        "words": _words,
        "peer": _peer,
        "whole": _whole,
        "gpu": _gpu,
        "jobs": _jobs,
        "corrections": _corrections,
        "activity": _activity,
        "faces": bench_blur_table.faces,
        "measures_text": measures_text,
        "measures_sound": _measures_sound,
        "store": bench_store_table.store,
        **{f"web_{part}": getattr(bench_web_table, part) for part in WEB},
        **{f"review_{part}": getattr(bench_review_table, part) for part in REVIEW},
    }
    parts = [INTRODUCTION]
    for name, write in sections.items():
        if name in result:
            parts += write(result[name]["rows"])
            beside = "" if name == "gpu" else " with other work beside it"
            m, note = result[name]["machine"], result[name].get("note", "")
            command = COMMANDS.get(name, f"{COMMAND.format(script='speech')} --parts {name}")
            command = command.format(lessons=result[name]["rows"][0].get("lessons"))
            parts.append(
                f"*`{command}`, {m['date']}, commit {m['commit']}: {m['processor']}, {m['cores']} cores"
                f"{beside}, {m['memory_gb']} GB, Python {m['python']}.{note}*"
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
        "`coaching/quality.py` were read off.",
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


def _jobs(rows: list[Row]) -> list[str]:
    def seconds(s: dict[str, float]) -> str:
        return f"{s['median']:.2f} ({s['min']:.2f} to {s['max']:.2f}; {s['count']})"

    few, many = rows[0]["many"]["few"], rows[0]["many"]["many"]
    lines = {
        "a lesson of empty stages, from its row to ready, s (aim 0.5)": [
            seconds(r["single"]["overhead_s"]) for r in rows
        ],
        "from its row to its first stage, s (aim 1)": [seconds(r["single"]["to_start_s"]) for r in rows],
        f"each of {few} lessons that wait, s": [seconds(r["many"]["few_each_s"]) for r in rows],
        f"each of {many:,} lessons that wait, s": [f"{r['many']['many_each_s']:.2f}" for r in rows],
        "of these two, the ratio (aim 1)": [f"{r['many']['ratio']:.2f}" for r in rows],
        "memory of an idle worker, MB: RSS, PSS (aim 250)": [
            f"{r['idle']['rss_mb']:.0f}, {r['idle']['pss_mb']:.0f}" for r in rows
        ],
        "processor of an idle worker, % of a core (aim 2)": [f"{r['idle']['cpu_s_per_min'] / 0.6:.1f}" for r in rows],
        "from `kill -9` to another worker's claim, s (aim 10)": [seconds(r["reaping"]["taken_over_s"]) for r in rows],
    }
    loads = [load for r in rows for part in ("single", "many", "idle", "reaping") for load in r[part]["load"]]
    return [
        "## Jobs",
        "Stages that do nothing, in real worker processes with real hands: what is left is what queue, database and "
        "hands cost. A single lesson comes to a worker that was idle for seconds; the lessons that wait have "
        f"{rows[0]['many']['workers']} workers on the same machine, and are counted from the first claim to the last "
        "that is ready. Median (least to most; how many).",
        _table(["", *(r["database"] for r in rows)], [[name, *values] for name, values in lines.items()]),
        f"Others worked on the machine's cores meanwhile: its load was {min(loads)} to {max(loads)} before and after "
        "the parts, the benchmark's own included.",
    ]


def _gpu(rows: list[Row]) -> list[str]:
    body = [
        [
            r["device"],
            r["engine"],
            f"{r['batch']}" if r["reached"] == r["batch"] else f"{r['batch']}, in the end {r['reached']}",
            f"{r['minutes']:g} min",
            f"{r['seconds']:.1f}",
            f"{r['hours_an_hour']}",
            f"{r['peak_gib']} GiB" if r["peak_gib"] is not None else "",
        ]
        for r in rows
    ]
    head = ["on", "engine", "batch", "lesson", "seconds", "hours of lesson an hour", "peak GPU memory"]
    return [
        "## The GPU engines",
        "Networks of the real sizes with random weights: as fast as trained ones, but they say nothing about how well "
        "these hear. The recognizer writes 60 words about every window, more than are said in most. Memory is all that "
        "the card had in use, at its highest.",
        _table(head, body),
    ]


def _measures_sound(rows: list[Row]) -> list[str]:
    *measures, talk, quiet, speed = rows
    body = []
    for r in measures:
        unit = {"%": " points", "s": " s"}.get(r["unit"], "")
        usual = f"{r['usual_covered']} of {r['shown']}" if r["usual_covered"] is not None else ""
        body.append([f"`{r['measure']}`", f"{r['median_true']:.1f}", f"{r['median_off']}{unit}", f"{r['off_90']}{unit}",
                     f"{r['worst']}{unit}", f"{r['bias']:+}{unit}", f"±{r['half_width']}{unit}",
                     f"{r['covered']} of {r['shown']} ({100 * r['covered'] / r['shown']:.0f}%)", usual])  # fmt: skip
    head = ["measure", "true, median", "off, median", "nine in ten within", "worst", "bias", "range, median",
            "the range holds the truth (aim 90-99%)", "and the maker's usual wait"]  # fmt: skip
    lessons = max(r["lessons"] for r in measures)
    return [
        "## Measures: sound",
        f"End to end on {lessons} made lessons of four minutes, in two sets that share no voice, seed, noise or room "
        "(`scripts/made_lessons.py`). Each lesson has the ranges that the other set's errors alone give; what is "
        "shipped (`prior.json`) is made of both. Speakers and roles are this pipeline's; where a question ends is told "
        "by the truth, so of a wait its acoustic gap alone is scored. Measures that the recording was too bad for are "
        "withheld, and counted in none of the columns. Each set has three teachers' voices, so the ranges of one can "
        "be too narrow for the other. None of this is a real classroom.",
        _table(head, body),
        f"**Where people talk in the background** the ranges do not hold. In {talk['lessons']} made lessons with a "
        "dozen voices or more as their noise the diarizer took these for people of the lesson: silence was "
        f"{quiet['median_off']:.0f} points off in the median and {quiet['worst']:.0f} at worst, teacher talk up to "
        f"{talk['worst']:.0f} where a teacher was found ({talk['shown']} times). The ranges held the truth "
        f"{quiet['covered']} and {talk['covered']} times. Nothing in the levels gives this away, so the ranges are "
        "shown all the same.",
        f"All measures of a lesson of {speed['minutes']} minutes ({speed['utterances']:,} utterances with words) take "
        f"{speed['cpu_s']} CPU seconds in the median of several runs, {speed['worst_cpu_s']} at worst (aim 0.5).",
    ]


def _corrections(rows: list[Row]) -> list[str]:
    def spent(seconds: list[float]) -> str:
        return f"{seconds[1]:.3f} ({seconds[0]:.3f} to {seconds[2]:.3f})" if seconds else ""

    head = ["corrections", "finding their place, CPU s", "measuring again, CPU s", "measures computed"]
    body = [
        [r["what"], spent(r["finding"]), spent(r["measuring"]), f"{r['computed']} of {r['measures']}"] for r in rows
    ]
    return [
        "## Corrections of a 90-minute lesson",
        "1,500 utterances, drawn by chance. Finding the place of corrections, measuring again what they touch (aim: "
        "together under 1 s); median (least to most). Database and page are not in it.",
        _table(head, body),
    ]


def _activity(rows: list[Row]) -> list[str]:
    body = []
    for group in ("chosen on", "held out"):
        mine = [r for r in rows if r["group"] == group]
        for how, teacher in (("told", "said"), ("guessed", "guessed")):
            for kind in mine[0][how]:
                said = [r[how][kind] for r in mine]
                seconds = sum(sum(s.values()) for s in said)
                right, unsaid = (sum(s.get(name, 0) for s in said) for name in (kind, "cannot tell"))
                shares = (f"{100 * n / seconds:.0f}%" for n in (right, seconds - right - unsaid, unsaid))
                body.append([group, teacher, kind, str(seconds), *shares])
    levels = ", ".join(f"{r['snr_db']} ({r['group']})" for r in rows)
    return [
        "## What the lesson was like",
        f"Made lessons of ten minutes: whole-class talk, four conversations at once, quiet work. Speech over noise, as "
        f"heard: {levels} dB. The thresholds were chosen on the first; so few held out only show that nothing is badly "
        "wrong. Real groups fall silent, and real classes talk over each other: expect less there.",
        _table(["lessons", "teacher", "kind", "seconds", "right", "wrong", "cannot tell"], body),
    ]
