"""The section on the store under a district of docs/benchmarks.md."""

from __future__ import annotations

from typing import Any

Row = dict[str, Any]


def store(rows: list[Row]) -> list[str]:
    found = [
        "## The store under a district",
        "What each page asks of the database, with the very calls that it makes, as up to a hundred people, those with "
        "most among them and one who works at every school: milliseconds within transactions, with reading the rows, "
        "the 50th, 95th and 99th percentile, asked for the first time and again; of these, until the database had "
        "answered (SQLite with the first row of each statement); the processor’s in the process that asks, which on "
        "SQLite does both; and how many statements, least and most. The aim is a 95th percentile under 100 ms. Of each "
        "teacher the newest eight lessons have 40 minutes of transcript, without times of words; those before it four. "
        "Classes have consents, some of them for their coach alone, and students who are opted out; schools have films "
        "that go, exemplars, surveys and visits.",
    ]
    for row in rows:
        body = [
            f"| {p['page']} | {p['people']} | {p['statements'][0]} to {p['statements'][1]} | {_ms(p['first_ms'])} | "
            f"{_ms(p['again_ms'])} | {p['queries_p95_ms']:.0f} | {p['cpu_p95_ms']:.0f} |"
            for p in row["pages"]
        ]
        slow = next(p for p in row["pages"] if "plan" in p)
        plan = "\n".join(line[:160] for line in slow["plan"]["plan"])
        found += [
            f"### {row['database']}: {row['schools']} schools, {row['lessons']:,} lessons, "
            f"{row['comments']:,} comments",
            f"Filled in {row['filled_s']} s; the load of the machine, {row['load'][0]} before and "
            f"{row['load'][1]} after.",
            "\n".join(
                [
                    "| page | people | statements | first, ms | again, ms | answering, 95th | CPU here, 95th |",
                    "|---|--:|--:|--:|--:|--:|--:|",
                    *body,
                ]
            ),
            f"The slowest is “{slow['page']}”; its slowest statement by itself took {slow['plan']['ms']} ms:",
            f"```\n{plan}\n```",
        ]
    return found


def _ms(values: list[float]) -> str:
    return " / ".join(f"{one:.0f}" for one in values)
