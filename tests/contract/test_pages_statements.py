"""What pages ask of the database does not grow with what somebody has: counted, with the calls that each page makes.
And the benchmark that times them runs to its end."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from bench_store import Watched, measured
from bench_store_drawn import District
from bench_store_fill import fill
from bench_store_pages import PAGES
from bench_store_table import store
from databases import fresh_database, on

NOW = 1_795_000_000.0
LITTLE = District(1, 12, lessons=200, comments=1200, whole=1, cycles=3, told=10, exemplars=6, surveys=2)
MUCH = District(1, 12, lessons=1000, comments=6000, whole=1, cycles=15, told=50, exemplars=30, surveys=10)
"""Five times as much of everything, for as many people."""

FEW = District(2, 12, lessons=60, comments=120, whole=1, cycles=3, told=10)
MANY = District(10, 60, lessons=300, comments=600, whole=1, cycles=3, told=10)
"""Five times as many schools, at all of which one leader and one administrator work."""

TIMES, OF_CYCLES = 2, 6
"""How often each asks, of something else each time. The first asking of a lesson is told to the audit log; and cycles
differ so much that the fullest is found among several."""


def most_statements(kind: str, size: District, folder: Path, schools: int = 1) -> dict[str, int]:
    """By page, of whoever asks most, of those who work at so many schools."""
    url = fresh_database(kind)
    drawn = fill(url, folder, size, NOW)
    watched = Watched(url, folder)
    found = {}
    for page in PAGES:
        times = OF_CYCLES if "cycle" in page.name else TIMES
        there = [who for who in drawn.people if len(who.works) >= schools and page.is_for(who)]
        asking = [(who, random.Random(who.id)) for who in there] * times
        if asking:
            found[page.name] = max(len(watched.ask(page, who, rng).statements) for who, rng in asking)
    watched.database.close()
    return found


@pytest.mark.slow
@on("pages", "sqlite", "postgresql")
def test_five_times_as_much_is_asked_for_in_as_many_statements(kind, tmp_path):
    little, much = (most_statements(kind, size, tmp_path / f"{size.lessons}") for size in (LITTLE, MUCH))
    assert much == little
    assert set(much) == {page.name for page in PAGES}, "nobody asks for some"


@pytest.mark.slow
@on("pages", "sqlite", "postgresql")
def test_whoever_works_at_five_times_as_many_schools_asks_in_as_many_statements(kind, tmp_path):
    few, many = (most_statements(kind, size, tmp_path / f"{size.schools}", size.schools) for size in (FEW, MANY))
    assert many == few
    assert {"learning walks", "surveys", "people, and how long films are kept"} <= set(many)


@pytest.mark.slow
def test_the_benchmark_of_the_store_runs_to_its_end_and_its_table_has_every_page():
    row = measured("sqlite", 0.002, 12)
    head, *_, plan = store([row])
    assert head == "## The store under a district"
    rows = {
        cells[1].strip(): cells for line in "\n".join(store([row])).splitlines() if len(cells := line.split("|")) > 6
    }
    assert set(rows) >= {page.name for page in PAGES}
    assert all(int(rows[page.name][2]) > 0 for page in PAGES)
    assert plan.startswith("```\n")
    assert len(plan.splitlines()) > 2
