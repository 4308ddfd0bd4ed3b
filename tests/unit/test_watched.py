"""What an owner reads of what somebody played: only what is known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from coaching.notes import View
from coaching.spans import Span
from ui.screens.watched import played, when

NOW = datetime(2026, 11, 26, 14, 5, tzinfo=timezone(timedelta(hours=1)))
FIRST, LAST = datetime(2026, 11, 19, 23, 30, tzinfo=UTC), datetime(2026, 11, 26, 13, 2, tzinfo=UTC)


def view(*spans: Span) -> View:
    return View("p", "Daniel <b>", spans, 0.0, FIRST, LAST)


def test_times_are_the_readers_own():
    assert when(FIRST, NOW) == "on Fri 20 Nov at 0:30"
    assert when(LAST, NOW) == "today at 14:02"


def test_who_played_nothing_is_not_said_to_have_opened_it():
    assert played(None, "r", 600.0, NOW) == '<p class="sl-soft">Has played nothing there yet.</p>'
    assert "Looked through it without playing. First on Fri 20 Nov" in played(view(), "r", 600.0, NOW)
    assert "sl-played" not in played(view(), "r", 600.0, NOW)


def test_what_was_played_is_a_bar_whose_parts_lead_to_their_moments():
    said = played(view(Span(60, 120), Span(121, 180), Span(300, 301)), "abc", 600.0, NOW)
    assert "Played 2:00 of 10:00 (20%)." in said
    assert said.count("<a ") == 2  # a second apart, of ten minutes, is one stretch
    assert 'href="/review?recording=abc&amp;t=60.0"' in said
    assert "left:10.00%;width:20.00%" in said
    assert "Play from 5:00, played up to 5:01" in said
    assert "(under 1%)" in played(view(Span(0, 1)), "r", 600.0, NOW)
    assert "sl-played" not in played(view(Span(0, 1)), "r", None, NOW)
