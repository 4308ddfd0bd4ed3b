"""Where coaching stands at a school, for its leaders; and what they see of them, for teachers and coaches."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

import streamlit as st

from coaching.leadership import Board, Load, Row, State, Year
from coaching.school_measures import PUBLISHED, Month, Pooled
from ui import session
from ui.leadership import said
from ui.screens.coaching import day
from ui.screens.frame import called

LIMITS = (
    ("sl-play", "Lesson videos and clips", "They are shared by name, with teachers and coaches alone."),
    ("sl-lock", "Comments, goals and reflections", "They belong to the teacher and to whom they chose."),
    ("sl-lock", "Anyone’s talk or question numbers", "They are estimates for reflection, too uncertain to judge by."),
    ("sl-lock", "Who looks at their own lessons alone", "That is nobody’s but theirs."),
    ("sl-people", "Rankings", "We don’t make them. Nothing here is sorted by a number of a lesson."),
)
HEADS = ("Teacher and partner", "Stage", "Last activity", "In this stage", "Status", "In a year")
MEASURES = {
    "student_talk": "Students’ share of the talk",
    "open_share": "Open questions",
    "wait_time_1": "Wait after a question",
}
PILLS = {State.OVERDUE: "attn", State.LATE: "attn", State.SOON: "attn"}


def show() -> None:
    viewer = session.viewer()
    boards = session.stores().leadership.boards(viewer.id)
    if not boards:
        st.html(
            '<div class="sl-empty"><h1>There is nothing here for you</h1><p>This page is for leaders, teachers and '
            "coaches of a school.</p></div>"
        )
        return
    for one in boards:
        with st.container():
            _board(one, named=len(boards) > 1)


def _board(one: Board, *, named: bool) -> None:
    title = "Where coaching stands" if one.whole else "What leaders see about you"
    head = f"{title} · {one.school}" if named else title
    st.html(f'<h1 class="sl-h1">{escape(head)}</h1><p class="sl-lead">{escape(_lead(one))}</p>')
    left, right = st.columns([0.74, 0.26], gap="medium")
    with left:
        if one.rows:
            st.html(_table(one))
        if one.loads:
            st.html(_loads(one.loads))
        if one.whole:
            st.html(
                '<p class="sl-files"><a class="btn" href="/leadership/coaching.csv" download>This page as a table '
                '(CSV)</a><a class="btn" href="/walks">Learning walks</a>'
                '<a class="btn" href="/surveys">Surveys</a></p>'
            )
        st.html(_months(one.months))
        if one.counts is not None:
            _counts(one)
    with right:
        st.html(_limits(whole=one.whole))


def _lead(one: Board) -> str:
    if not one.whole:
        return "The same as they see, about you alone. It is made of stages and days."
    help_ = sum(row.state in (State.OVERDUE, State.LATE) for row in one.rows)
    moving = sum(row.cycle is not None for row in one.rows) - help_
    none = len(one.rows) - help_ - moving
    parts = (
        _count(len(one.rows), "teacher"),
        _count(len(one.loads), "coach", "coaches"),
        f"{_count(help_, 'cycle')} could use a hand" if help_ else "",
        f"{moving} on the way" if moving else "",
        f"{none} with no cycle now" if none else "",
    )
    return ", ".join(part for part in parts if part) + "."


def _count(n: int, one: str, many: str = "") -> str:
    return f"{n} {one if n == 1 else many or one + 's'}"


def _table(one: Board) -> str:
    heads = "".join(f'<th scope="col">{head}</th>' for head in HEADS)
    rows = "".join(_row(row, one) for row in one.rows)
    weeks = _count(one.cadence.weeks, "week")
    order = "Sorted by what needs a hand first. " if one.whole else ""
    return (
        f'<section class="sl-part"><table class="sl-board"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'
        f'</section><p class="sl-soft sl-under">{order}A cycle is due after {weeks} of school here. '
        f"In the last year: {_year(one.year)}.</p>"
    )


def _row(row: Row, one: Board) -> str:
    cycle, now = row.cycle, session.now()
    partner = f"<small>With {escape(cycle.partner_called)}</small>" if cycle else ""
    who = (
        f'<th scope="row"><div><i class="av" aria-hidden="true">{escape(called(row.who.called))}</i><span>'
        f"<b>{escape(row.who.called)}</b>{partner}</span></div></th>"
    )
    if cycle is None:
        cells = ['<span class="sl-soft">No cycle now</span>', "", "", ""]
    else:
        dots = "".join(f'<i class="{_dot(n, cycle.here)}"></i>' for n in range(len(cycle.plan)))
        days = (one.cadence.day(cycle.paused or now) - one.cadence.day(cycle.entered)).days
        pill = f'<span class="pill {PILLS.get(row.state, "")}">{escape(said(row, one.cadence, now))}</span>'
        cells = [
            f'{escape(cycle.plan[cycle.here])}<span class="sl-dots" aria-hidden="true">{dots}</span>',
            day(one.cadence.day(cycle.moved)),
            _count(days, "day"),
            pill,
        ]
    told = zip(HEADS[1:], [*cells, escape(_year(row.year))], strict=True)
    return f"<tr>{who}" + "".join(f'<td data-head="{head}">{cell}</td>' for head, cell in told) + "</tr>"


def _dot(n: int, here: int) -> str:
    return "now" if n == here else "past" if n < here else ""


def _year(year: Year) -> str:
    if not any((year.over, year.held, year.steps)):
        return "nothing ended yet"
    kept = f" ({year.in_time} in time)" if year.over else ""
    over = f"{_count(year.over, 'cycle')} ended{kept}"
    return f"{over}, {_count(year.held, 'conference')}, {_count(year.steps, 'action step')} closed"


def _loads(loads: Iterable[Load]) -> str:
    rows = "".join(
        f'<li><i class="av" aria-hidden="true">{escape(called(one.who.called))}</i><b>{escape(one.who.called)}</b>'
        f"<span>{_count(one.open, 'open cycle')}, {one.waiting} waiting for their notes</span></li>"
        for one in loads
    )
    return f'<h2 class="sl-h2">Coaches</h2><ul class="sl-loads">{rows}</ul>'


def _months(months: Iterable[Month]) -> str:
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("Month", *MEASURES.values()))
    rows = "".join(
        f'<tr><th scope="row"><b>{one.first:%B %Y}</b><small>{one.teachers} teachers</small></th>'
        + "".join(f'<td data-head="{MEASURES[m.name]}">{_pooled(m)}</td>' for m in one.measures)
        + "</tr>"
        for one in months
    )
    table = f'<table class="sl-board sl-months"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'
    nothing = '<p class="sl-soft">Nothing yet: no month so far had lessons of five teachers who agreed.</p>'
    return (
        f'<h2 class="sl-h2">The school’s measures</h2><section class="sl-part">{table if rows else nothing}</section>'
        '<p class="sl-soft sl-under">The mean over teachers who let their lessons count, each the same, with the range '
        "in which it may as well lie (95%). Who they are is shown to nobody. From five teachers on; counted once, a "
        "week after a month ends, and never again, so that two numbers can’t give one teacher away.</p>"
    )


def _pooled(one: Pooled) -> str:
    unit, decimals = PUBLISHED[one.name]
    gap = "" if unit == "%" else " "
    value, low, high = (f"{number:.{decimals}f}" for number in (one.value, one.low, one.high))
    return f"<span>{value}{gap}{unit}<small>{low} to {high}{gap}{unit}</small></span>"


def _counts(one: Board) -> None:
    viewer, key = session.viewer(), f"sl-counts-{one.id}"

    def say() -> None:
        session.stores().leadership.count_mine(viewer.id, one.id, st.session_state[key])

    st.toggle("Let my lessons count in the school’s measures", value=bool(one.counts), key=key, on_change=say)
    st.html(
        '<p class="sl-soft">With at least four others, from the next month that is counted. Nobody is told that you '
        "do. What was published already stays when you stop.</p>"
    )


def _limits(*, whole: bool) -> str:
    rows = "".join(f'<li><i class="sl-i {icon}"></i><b>{what}</b><p>{why}</p></li>' for icon, what, why in LIMITS)
    head = "What you can’t see, and why" if whole else "What they can’t see, and why"
    last = "Teachers and coaches see this same page about themselves." if whole else "Nobody can switch this off."
    return (
        f'<section class="sl-part sl-limits"><h2>{head}</h2><p class="sl-soft">People try things when it’s safe to. '
        f"These limits hold for every leader and can’t be switched off.</p><ul>{rows}</ul>"
        f'<p class="sl-soft">{last}</p></section>'
    )
