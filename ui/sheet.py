"""The summary of a coaching cycle on one sheet of paper: the goal, what was looked at, and the one thing to try."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from coaching.coached import Whole
from coaching.services.cycles import OnAgenda
from ui.screens.coaching import day
from ui.screens.cycle_parts import MISSING, clock

SIZES = (11.0, 10.0, 9.0, 8.0, 7.0, 6.0)
"""Points: the largest is taken at which everything fits."""

LINE = 0.45
"""Millimetres a point: how far lines are apart."""

LONGEST, LONGEST_TITLE = 700, 110
"""Characters of what was written, and of a look-for or a comment on the agenda: the page holds no more."""

Colour = tuple[int, int, int]
INK, SOFT, ACCENT = (37, 34, 29), (84, 78, 69), (31, 107, 92)


def sheet(whole: Whole, moments: Sequence[OnAgenda]) -> bytes:
    """A PDF of one page of A4. What either wrote for themselves alone is not on it."""
    for size in SIZES:
        made, pages = _drawn(whole, moments, size)
        if pages == 1:
            break
    return made


def _drawn(whole: Whole, moments: Sequence[OnAgenda], size: float) -> tuple[bytes, int]:
    import font_source_sans_pro as fonts
    from fpdf import FPDF

    logging.getLogger("fpdf").setLevel(logging.ERROR)  # it would say which signs of a text its font does not have
    cycle, cadence, conference, step = whole.cycle, whole.school.cadence, whole.conference, whole.action_step
    pdf = FPDF(format="A4")
    pdf.set_title(cycle.name)
    pdf.set_lang("en")
    pdf.set_margin(18)
    pdf.set_auto_page_break(True, 16)
    pdf.add_font("sans", "", fonts.SourceSansPro)
    pdf.add_font("sans", "B", fonts.SourceSansProSemibold)
    pdf.add_page()

    def say(text: str, scale: float = 1.0, style: str = "", colour: Colour = INK, gap: float = 0.0) -> None:
        pdf.set_y(pdf.get_y() + gap * size / 4)
        pdf.set_font("sans", style, size * scale)
        pdf.set_text_color(*colour)
        pdf.multi_cell(0, size * scale * LINE, _cut(text), align="L", new_x="LMARGIN", new_y="NEXT")

    def head(text: str) -> None:
        say(text, 0.9, "B", SOFT, gap=2)

    with_whom = "" if cycle.alone else f" with {cycle.partner_called}"
    say(cycle.name, 1.8, "B")
    say(f"{cycle.teacher_called}{with_whom}, since {day(cadence.day(cycle.began))}", colour=SOFT, gap=0.5)
    if conference and conference.held:
        say(f"You met on {day(cadence.day(conference.held))}.", colour=SOFT)
    head("Goal")
    say(cycle.goal or "Not written yet.", 1.15, "B")
    for look_for in cycle.look_fors:
        say(f"•  {_cut(look_for, LONGEST_TITLE)}")
    if moments:
        head("What you looked at")
    for one in moments:
        title = _cut(one.title, LONGEST_TITLE) if one.title else MISSING
        say(f"{clock(one.start)}–{clock(one.stop)}  {title}" if one.title else title, style="B", gap=0.5)
        if one.item.question:
            say(_cut(one.item.question, LONGEST_TITLE), colour=SOFT)
    if conference and conference.decisions:
        head("What you decided")
        say(conference.decisions)
    if step:
        head("One action step")
        say(step.body, 1.3, "B", ACCENT)
        if step.look_for:
            say(step.look_for, colour=SOFT)
        if step.check_back:
            say(f"Check back {day(step.check_back)}", style="B", gap=0.5)
        if step.outcome:
            head("What became of it")
            say(step.outcome)
    return bytes(pdf.output()), pdf.pages_count


def _cut(text: str, longest: int = LONGEST) -> str:
    return text if len(text) <= longest else f"{text[:longest].rstrip()} …"
