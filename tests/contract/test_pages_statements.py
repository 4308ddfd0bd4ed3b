"""What pages ask of the database does not grow with what somebody has: counted, with the calls that each page makes."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from bench_store import Watched
from bench_store_drawn import District
from bench_store_fill import fill
from bench_store_pages import PAGES
from databases import fresh_database, on

NOW = 1_795_000_000.0
LITTLE = District(schools=1, teachers=12, lessons=200, comments=1200, whole=1, cycles=3, told=10)
MUCH = District(schools=1, teachers=12, lessons=1000, comments=6000, whole=1, cycles=15, told=50)
"""Five times as much of everything, for as many people."""


def most_statements(kind: str, size: District, folder: Path) -> dict[str, int]:
    """By page, of whoever asks most. Twice: the first asking of a lesson is told to the audit log."""
    url = fresh_database(kind)
    drawn = fill(url, folder, size, NOW)
    watched = Watched(url, folder)
    found = {}
    for page in PAGES:
        asking = [who for who in drawn.people if page.is_for(who)] * 2
        assert asking, f"nobody asks for {page.name}"
        found[page.name] = max(len(watched.ask(page, who, random.Random(who.id)).statements) for who in asking)
    watched.database.close()
    return found


@pytest.mark.slow
@on("pages", "sqlite", "postgresql")
def test_five_times_as_much_is_asked_for_in_as_many_statements(kind, tmp_path):
    little, much = (most_statements(kind, size, tmp_path / f"{size.lessons}") for size in (LITTLE, MUCH))
    assert much == little
