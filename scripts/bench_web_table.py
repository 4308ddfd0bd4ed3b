"""The sections on the web server of docs/benchmarks.md, one for each part of bench_web.py."""

from __future__ import annotations

from typing import Any

Row = dict[str, Any]


def library(rows: list[Row]) -> list[str]:
    body = [
        f"| {r['database']} | {r['lessons']:,} | {_of(r['first_cards_s'])} | {_of(r['server_cpu_s'])} | {_load(r)} |"
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


def clients(rows: list[Row]) -> list[str]:
    body = [
        f"| {r['database']} | {r['clients']} | {r['how']} | {r['reruns']:,} | {r['median_s']:.2f} | {r['p95_s']:.2f} | "
        f"{1000 * r['server_cpu_s_each']:.0f} | {_load(r)} |"
        for r in rows
    ]
    head = "| database | pages open | reruns | of them | median, s | 95th percentile, s | server, CPU ms each | load |"
    return [
        "## Many people at once",
        "Everybody has the library open over a websocket of their own, with a dozen lessons of their own in it, and "
        "asks for it anew: all in the same moment, and each when they like. The aim is a 95th percentile under 1 s.",
        "\n".join([head, "|---|--:|---|--:|--:|--:|--:|--:|", *body]),
    ]


def upload(rows: list[Row]) -> list[str]:
    body = [
        f"| {r['database']} | {'each piece' if r['checksums'] else 'none'} | {r['copy_mb_s']:.0f} | "
        f"{r['upload_mb_s']:.0f} | {r['ratio']:.2f} ({min(r['ratios']):.2f} to {max(r['ratios']):.2f}) | "
        f"{r['server_cpu_s_gb']:.1f} | {_load(r)} |"
        for r in rows
    ]
    head = "| database | checksums | copy, MB/s | upload, MB/s | ratio | server, CPU s a GB | load |"
    return [
        "## Uploads",
        f"A file of {rows[0]['mb']:,} MB is brought to the server in pieces of 16 MB, and copied on the same disk, by "
        "turns; both end when all of it is on the disk. The ratio is the median (range) of the turns; the aim is .80.",
        "\n".join([head, "|---|---|--:|--:|--:|--:|--:|", *body]),
    ]


def seek(rows: list[Row]) -> list[str]:
    body = [
        f"| {r['database']} | {r['seeks']:,} | {r['median_ms']:.1f} | {r['p95_ms']:.1f} | {r['read_median_ms']:.2f} | "
        f"{r['memory_before_mb']:.0f} | {r['memory_most_mb']:.0f} | {_load(r)} |"
        for r in rows
    ]
    head = "| database | seeks | median, ms | 95th, ms | from the disk, ms | memory before, MB | at most | load |"
    return [
        "## Seeking",
        f"1 MB from anywhere in a film of {rows[0]['film_gb']:g} GB, through the gate, beside the same read from the "
        "disk. The memory is the whole server's.",
        "\n".join([head, "|---|--:|--:|--:|--:|--:|--:|--:|", *body]),
    ]


def first_load(rows: list[Row]) -> list[str]:
    body = [
        f"| {r['database']} | {r['line']} | {r['usable_median_s']:.1f} ({r['usable_max_s']:.1f}) | "
        f"{r['sent_mb']:.2f} | {_load(r)} |"
        for r in rows
    ]
    return [
        "## The first load",
        "The library in a browser that was never here, until one can type into its search; median (longest) of "
        f"{rows[0]['loads']} loads, and all that was sent, pictures included. The aims are 2 s and 1 MB at a desk, and "
        "5 s on the slow line.",
        "\n".join(["| database | line | usable after, s | sent, MB | load |", "|---|---|--:|--:|--:|", *body]),
    ]


def _load(row: Row) -> str:
    return f"{row['load'][0]:g} to {row['load'][1]:g}"


def _of(spread: dict[str, float]) -> str:
    return f"{spread['median']:.2f} ({spread['max']:.2f})"
