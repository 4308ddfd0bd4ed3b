"""The sections on the review stage of docs/benchmarks.md, one for each part of bench_review.py."""

from __future__ import annotations

from typing import Any

Row = dict[str, Any]

LESSON = "a lesson of 60 minutes with 900 turns, the times of their words, and 500 comments"


def opening(rows: list[Row]) -> list[str]:
    body = [f"| {r['database']} | {r['browser']} | {r['median_s']:.2f} ({r['max_s']:.2f}) | {_load(r)} |" for r in rows]
    held = [r for r in rows if "long_tasks" in r]
    return [
        "## The review stage: opening",
        f"{LESSON.capitalize()}, in Chromium: until the film has a picture, the transcript stands there, and one can "
        f"write. Median (longest) of {rows[0]['loads']} loads; the aims are 2 s in a new browser and 1 s in one that "
        "was here. Tasks that held the page up for more than 50 ms while it was opened in the latter: "
        + ", ".join(f"{r['long_tasks']} in {r['loads']} loads ({r['database']}, {_longest(r)})" for r in held)
        + ".",
        "\n".join(["| database | browser | usable after, s | load |", "|---|---|--:|--:|", *body]),
    ]


def comments(rows: list[Row]) -> list[str]:
    body = [
        f"| {r['database']} | {r['screen']} | {r['comments']} | {r['median_ms']:.0f} | {r['p95_ms']:.0f} | {_load(r)} |"
        for r in rows
    ]
    head = "| database | screen | comments | median, ms | 95th percentile, ms | load |"
    return [
        "## The review stage: from a comment to the screens",
        "Somebody writes, and somebody else has the comments of the same lesson open in the same browser: from the key "
        "that sends it until its words are drawn. The aim is a 95th percentile under 200 ms.",
        "\n".join([head, "|---|---|--:|--:|--:|--:|", *body]),
    ]


def smooth(rows: list[Row]) -> list[str]:
    body = [f"| {r['database']} | {r['what']} | {r['long_tasks']} | {_longest(r)} | {_load(r)} |" for r in rows]
    return [
        "## The review stage: playing and scrubbing",
        "Tasks of more than 50 ms, as Chromium counts them, in 30 s of playing with the transcript beside it, and "
        "while the mouse drags 600 times over the timeline. The processor draws: there is no graphics card "
        "here. The aim is none.",
        "\n".join(["| database | what | long tasks | longest | load |", "|---|---|--:|--:|--:|", *body]),
    ]


def memory(rows: list[Row]) -> list[str]:
    body = [
        f"| {r['database']} | {r['played_s']} | {r['heap_mb'][0]:.1f}, {min(r['heap_mb'][1:]):.1f} to "
        f"{max(r['heap_mb'][1:]):.1f} | {r['nodes'][0]:,}, {r['nodes'][-1]:,} | {r['listeners'][0]:,}, "
        f"{r['listeners'][-1]:,} | {_load(r)} |"
        for r in rows
    ]
    head = "| database | played, s | heap at first and later, MB | nodes first, last | listeners first, last | load |"
    return [
        "## The review stage: left playing",
        "JavaScript's heap after collecting, the page's nodes and listeners, each minute while the film plays. They "
        "should not grow.",
        "\n".join([head, "|---|--:|--:|--:|--:|--:|", *body]),
    ]


def clients(rows: list[Row]) -> list[str]:
    body = [
        f"| {r['database']} | {r['people']} | {r['written']:,} | {r['kept_median_s']:.3f} | {r['kept_p95_s']:.3f} | "
        f"{r['reached_median_s']:.3f} | {r['reached_p95_s']:.3f} | {100 * r['server_cpu_share']:.0f}% | {_load(r)} |"
        for r in rows
    ]
    head = (
        "| database | people | comments | kept: median, s | 95th | with the other: median, s | 95th | server, of a "
        "core | load |"
    )
    return [
        "## The review stage: a hundred people",
        f"Two and two look at a lesson with {rows[0]['comments_each']} comments, each with a websocket and a stream of "
        f"events, and write one every {rows[0]['every_s']:g} s: until the server has kept it, and until the other has "
        "it. The aim is a 95th percentile under 1 s. All the clients run beside the server on its two cores.",
        "\n".join([head, "|---|--:|--:|--:|--:|--:|--:|--:|--:|", *body]),
    ]


def _longest(row: Row) -> str:
    return f"{row['longest_ms']} ms" if row["long_tasks"] else "none"


def _load(row: Row) -> str:
    return f"{row['load'][0]:g} to {row['load'][1]:g}"
