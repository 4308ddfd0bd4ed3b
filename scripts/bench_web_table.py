"""The sections on the web server of docs/benchmarks.md, one for each part of bench_web.py."""

from __future__ import annotations

from typing import Any

Row = dict[str, Any]


def library(rows: list[Row]) -> list[str]:
    body = [
        f"| {r['database']} | {r['lessons']:,} | {_of(r['first_cards_s'])} | {_of(r['server_cpu_s'])} | "
        f"{r['load'][0]:g} to {r['load'][1]:g} |"
        for r in rows
    ]
    return [
        "## The library",
        "A teacher opens the library in Chromium, whose cache is warm: until the first 24 cards stand there, and the "
        "processor's seconds of the server for it, with their talk ribbons and pictures. Median (longest) of "
        f"{rows[0]['first_cards_s']['count']} loads; the aim is under 1 s. *Load* is how many processes wanted a core "
        "before and after, so it says how much of the time was waiting for one.",
        "\n".join(["| database | lessons | first cards, s | server, CPU s | load |", "|---|--:|--:|--:|--:|", *body]),
    ]


def _of(spread: dict[str, float]) -> str:
    return f"{spread['median']:.2f} ({spread['max']:.2f})"
