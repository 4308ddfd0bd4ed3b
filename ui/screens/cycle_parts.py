"""The parts of a coaching cycle's page: its lessons, the agenda, what each wrote, the numbers, goal and step."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from coaching.coached import Item, Look, Whole
from coaching.metrics.measure import Measure
from coaching.people import Person
from coaching.services.cycles import Evidence, OnAgenda, name_of, predicted, to_choose
from coaching.services.cycles import agenda as on_agenda
from coaching.services.cycles import evidence as found_in
from coaching.trend_sentences import amount, ranged
from ui import session
from ui.screens import cycle_dialogs
from ui.screens.coaching import day
from ui.screens.frame import called, done

MISSING = "This moment is not shared with you, or it is not there any more."
LOOKS = {Look.FIRST: "The lesson", Look.AGAIN: "Another look"}


def lessons(viewer: Person, whole: Whole) -> None:
    if not whole.lessons:
        return
    rows = []
    for one in whole.lessons:
        name = name_of(session.stores().lessons, viewer.id, one.recording)
        if name is None:
            rows.append(f'<li><b>{LOOKS[one.look]}</b><span class="sl-soft">Not shared with you yet.</span></li>')
        else:
            rows.append(
                f"<li><b>{LOOKS[one.look]}</b><span>{escape(name)}</span>"
                f'<a class="sl-lk" href="/review?recording={one.recording}">Open</a></li>'
            )
    st.html(f'<ul class="sl-lessons-in">{"".join(rows)}</ul>')


def agenda(viewer: Person, whole: Whole) -> None:
    cycle, conference = whole.cycle, whole.conference
    found = on_agenda(session.stores().lessons, viewer.id, conference.agenda if conference else ())
    zone = session.zone()
    when = ""
    if conference and conference.starts:
        at = conference.starts.astimezone(zone)
        when = f'<span class="pill">{day(at.date())}, {at:%H:%M} · {conference.minutes} min</span>'
    with st.container(key="sl-agenda", border=False):
        st.html(
            f'<div class="sl-part-head"><h2>Conference agenda</h2>{when}</div>'
            + ("" if found else '<p class="sl-soft">Choose clips and comments that you want to look at together.</p>')
        )
        for n, one in enumerate(found):
            with st.container(key=f"sl-item-{n}", horizontal=True, vertical_alignment="center"):
                st.html(_moment(one))
                if cycle.closed is None:
                    if n and st.button("Earlier", key=f"up-{n}", type="tertiary", help="Look at this earlier"):
                        items = [each.item for each in found]
                        items[n - 1], items[n] = items[n], items[n - 1]
                        _set(viewer, whole, items)
                    if st.button("Leave out", key=f"out-{n}", type="tertiary"):
                        _set(viewer, whole, [each.item for each in found if each is not one])
        if cycle.closed is not None:
            return
        with st.container(horizontal=True, key="sl-agenda-do"):
            if st.button("Add a moment"):
                _add(viewer, whole)
            if st.button("When you meet"):
                cycle_dialogs.meeting(viewer, whole)
            if found:
                st.html(
                    f'<a class="btn primary" href="/conference?cycle={cycle.id}">Start conference view</a>',
                    width="content",
                )


def _moment(one: OnAgenda) -> str:
    if one.title is None:
        return f'<div class="sl-moment"><p class="sl-soft">{MISSING}</p></div>'
    at = f"/review?recording={one.item.recording}&t={one.start:.1f}"
    asked = f"<p>{escape(one.item.question)}</p>" if one.item.question else ""
    return (
        f'<div class="sl-moment"><a class="sl-at" href="{at}">{clock(one.start)}–{clock(one.stop)}</a>'
        f'<h3>{escape(one.title)}</h3>{asked}<span class="sl-soft">{one.item.minutes} min</span></div>'
    )


def clock(seconds: float) -> str:
    """1:02:03, or 2:03."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


@st.dialog("Add a moment")
def _add(viewer: Person, whole: Whole) -> None:
    found = {one.item.note: one for one in to_choose(session.stores().lessons, viewer.id, whole)}
    if not found:
        st.html(
            '<p class="sl-note">Make a clip or leave a comment in the lesson first: it can be chosen here then.</p>'
        )
        return
    chosen = st.selectbox(
        "A clip or a comment",
        list(found),
        index=None,
        placeholder="Choose one",
        format_func=lambda id: f"{clock(found[id].start)} {found[id].title}"[:120],
    )
    question = st.text_input("What do you want to ask each other?", max_chars=200)
    minutes = st.number_input("Minutes", 1, 60, 8)
    if st.button("Add", type="primary", disabled=chosen is None):
        one = found[chosen or ""].item
        before = whole.conference.agenda if whole.conference else ()
        _set(viewer, whole, [*before, Item(one.recording, one.note, int(minutes), question)])


def _set(viewer: Person, whole: Whole, items: Sequence[Item]) -> None:
    if done(lambda: session.stores().cycles.set_agenda(viewer.id, whole.cycle.id, items)):
        st.rerun()


def notes(viewer: Person, whole: Whole) -> None:
    cycle, teacher = whole.cycle, viewer.id == whole.cycle.teacher
    theirs = {one.author: one for one in whole.notes}
    with st.container(key="sl-notes-both"):
        st.html("<h2>Notes, side by side</h2>" if not cycle.alone else "<h2>Your reflection</h2>")
        sides = st.columns(1 if cycle.alone else 2)
        with sides[0]:
            _reflection(viewer, whole)
            _guessed(viewer, whole)
            mine = theirs.get(cycle.teacher)
            if mine:
                st.html(_written(mine.shared, mine.private if teacher else ""))
            if teacher and cycle.closed is None and st.button("Your notes", key="notes-mine", type="tertiary"):
                cycle_dialogs.notes(viewer, whole)
        if not cycle.alone:
            with sides[1]:
                wrote = theirs.get(cycle.partner or "")
                when = day(whole.school.cadence.day(wrote.changed)) if wrote else ""
                st.html(_head(cycle.partner_called, "notes", when))
                if wrote:
                    st.html(_written(wrote.shared, wrote.private))
                else:
                    st.html('<p class="sl-soft">Nothing yet.</p>')
                if (
                    not teacher
                    and cycle.closed is None
                    and st.button("Write notes", key="notes-theirs", type="tertiary")
                ):
                    cycle_dialogs.notes(viewer, whole)


def _head(name: str, what: str, when: str) -> str:
    return (
        f'<div class="sl-whose"><i class="av" aria-hidden="true">{escape(called(name))}</i>'
        f'<b>{escape(name)}’s {what}</b><span class="sl-soft">{when}</span></div>'
    )


def _reflection(viewer: Person, whole: Whole) -> None:
    found, teacher = whole.reflection, viewer.id == whole.cycle.teacher
    when = day(whole.school.cadence.day(found.changed)) if found else ""
    if not whole.cycle.alone:
        st.html(_head(whole.cycle.teacher_called, "reflection", when))
    if found is None:
        words = "Not written yet." if teacher else "It is for you once the lesson is shared with you."
        st.html(f'<p class="sl-soft">{words}</p>')
    else:
        said = "".join(f"<dt>{escape(asked)}</dt><dd>{_lines(answer)}</dd>" for asked, answer in found.answers)
        later = f"<dt>Later</dt><dd>{_lines(found.addendum)}</dd>" if found.addendum else ""
        st.html(f'<dl class="sl-said">{said}{later}</dl>')
    if teacher and whole.cycle.closed is None:
        locked = found is not None and found.locked
        if st.button("Add to it" if locked else "Write your reflection", key="reflect", type="tertiary"):
            (cycle_dialogs.addendum if locked else cycle_dialogs.reflection)(viewer, whole)


def _guessed(viewer: Person, whole: Whole) -> None:
    found = predicted(session.stores().lessons, viewer.id, whole)
    if found:
        rows = "".join(
            f"<div><b>{escape(one.question)}</b>"
            f'<p class="sl-soft">You thought {amount(one.guess, one.measure.unit)}</p>{_range(one.measure, "Measured")}'
            "</div>"
            for one in found
        )
        st.html(
            f'<h3 class="sl-h3">What you thought, and what was measured</h3><div class="sl-numbers">{rows}</div>'
            '<p class="sl-own"><i class="sl-i sl-lock"></i>Only you see what you thought.</p>'
        )


def _written(shared: str, private: str) -> str:
    own = f'<p class="sl-own"><i class="sl-i sl-lock"></i>{_lines(private)}</p>' if private else ""
    return (f"<p>{_lines(shared)}</p>" if shared else "") + own


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def evidence(viewer: Person, whole: Whole) -> None:
    found = found_in(session.stores().lessons, viewer.id, whole)
    if not found:
        return
    parts = "".join(number(one) for one in found)
    st.html(
        '<section class="sl-part"><h2>Evidence from the next lesson</h2><p class="sl-soft">Only where the teacher '
        f'shares the lesson with its numbers.</p><div class="sl-numbers">{parts}</div></section>'
    )


def number(one: Evidence) -> str:
    return (
        f"<div><b>{escape(one.title)}</b>{_range(one.before, 'First look')}{_range(one.after, 'Another look')}"
        f'<p class="sl-soft">{escape(one.said)}</p></div>'
    )


def _range(measure: Measure | None, look: str) -> str:
    if measure is None:
        return f'<p class="sl-soft">{look}: not there yet</p><div class="sl-todo"></div>'
    if measure.shown is None:
        return f'<p class="sl-soft">{look}: {escape(measure.reason or "")}</p>'
    highest = 100.0 if measure.unit == "%" else 6.0 if measure.unit == "s" else max(20.0, measure.shown * 1.5)
    low, high = (measure.interval.low, measure.interval.high) if measure.interval else (measure.shown, measure.shown)
    at, a, b = (min(100.0, 100.0 * v / highest) for v in (measure.shown, low, high))
    return (
        f'<p class="sl-soft">{look}: {ranged(measure.shown, measure.interval, measure.unit)}</p><div class="sl-range">'
        f'<i style="left:{a:.1f}%;width:{b - a:.1f}%"></i><b style="left:{at:.1f}%"></b></div>'
    )


def goal(viewer: Person, whole: Whole) -> None:
    cycle = whole.cycle
    looks = "".join(f"<li>{escape(one)}</li>" for one in cycle.look_fors)
    with st.container(key="sl-goal"):
        st.html(
            '<p class="sl-eyebrow">Goal</p>'
            + (
                f'<p class="sl-big">{_lines(cycle.goal)}</p>'
                if cycle.goal
                else '<p class="sl-soft">Not written yet.</p>'
            )
            + (f'<p class="sl-eyebrow">What we’ll look for</p><ul class="sl-looks">{looks}</ul>' if looks else "")
        )
        if cycle.closed is None and st.button("Edit goal", type="tertiary"):
            cycle_dialogs.goal(viewer, whole)
        _exemplars(viewer, whole)


def _exemplars(viewer: Person, whole: Whole) -> None:
    """Those that are linked to the goal."""
    store, of = session.stores().exemplars, whole.cycle.id
    for one in store.tied(viewer.id, of):
        with st.container(horizontal=True, vertical_alignment="center", key=f"sl-tied-{one.id}"):
            st.html(f'<a class="sl-lk" href="/exemplars?one={one.id}">Exemplar: {escape(one.name)}</a>')
            if whole.cycle.closed is None and st.button("Unlink", key=f"untie-{one.id}", type="tertiary"):
                store.tie(viewer.id, one.id, of, tied=False)
                st.rerun()


def action_step(viewer: Person, whole: Whole) -> None:
    step, cycle = whole.action_step, whole.cycle
    if step is None:
        return
    both = {cycle.teacher, cycle.partner} - {None}
    missing = both - step.agreed
    state = "You agreed on it." if cycle.alone or not missing else "Draft. You’ll both agree it in the conference."
    back = f"<p>Check back <b>{day(step.check_back)}</b></p>" if step.check_back else ""
    look = f'<p class="sl-soft">{escape(step.look_for)}</p>' if step.look_for else ""
    became = f'<p class="sl-eyebrow">What became of it</p><p>{_lines(step.outcome)}</p>' if step.outcome else ""
    with st.container(key="sl-action"):
        st.html(
            f'<p class="sl-eyebrow">One action step</p><p class="sl-big">{_lines(step.body)}</p>{look}{back}'
            f'<p class="sl-soft">{state}</p>{became}'
        )
        if cycle.closed is None:
            if st.button("Edit the step", type="tertiary"):
                cycle_dialogs.action_step(viewer, whole)
            if viewer.id == cycle.teacher and st.button("What became of it", type="tertiary", key="became"):
                cycle_dialogs.outcome(viewer, whole)


def files(whole: Whole) -> None:
    """What can be taken along."""
    conference, step, of = whole.conference, whole.action_step, f"/cycles/{whole.cycle.id}"
    dated = (conference and conference.starts) or (step and step.check_back)
    calendar = f' <a class="btn" href="{of}/calendar.ics" download>For your calendar</a>' if dated else ""
    sheet = f'<a class="btn" href="{of}/summary.pdf" target="_blank">Summary on one sheet</a>'
    st.html(f'<p class="sl-files">{sheet}{calendar}</p>')
