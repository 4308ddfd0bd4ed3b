"""What is asked in a coaching cycle, each in a dialog of its own."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import streamlit as st

from coaching.announced import LONGEST_LOOK_FOR
from coaching.cadence import read_holidays
from coaching.coached import (
    LONGEST_CONFERENCE,
    LONGEST_PROMPT,
    MOST_WEEKS,
    ActionStep,
    Look,
    NewCycle,
    School,
    Whole,
)
from coaching.cycles import LONGEST_NAME, LONGEST_STAGE, LONGEST_TEXT, NAMES, Kind, Stage
from coaching.library import Filter
from coaching.people import Membership, Person
from coaching.services.cycles import MEASURES
from coaching.starting_set import STARTING_SET
from coaching.trend_sentences import trend_title
from ui import session
from ui.screens.frame import done
from ui.screens.shared import called

KINDS = {
    Kind.OBSERVE: ("Observe and debrief", "A goal, a lesson, notes by your coach, a conversation."),
    Kind.IMPACT: ("Impact cycle", "Identify, learn, improve: look at a lesson first, then set the goal."),
    Kind.PEER: ("With a colleague", "Two teachers take turns: one lesson of yours, then one of theirs."),
    Kind.ALONE: ("By yourself", "Your own look, and one thing to try. Nobody else sees it."),
}
LOOKED_THROUGH = 500
"""Of the lessons that somebody may see, among which their own are looked for."""

NO_MEASURE = "None: we will see it for ourselves"


@st.dialog("Begin a cycle")
def begin(viewer: Person) -> None:
    stores = session.stores()
    coaches = any(what is Membership.COACH for _, what in viewer.memberships)
    kind = st.radio(
        "How",
        list(KINDS),
        format_func=lambda one: KINDS[one][0],
        captions=[words for _, words in KINDS.values()],
    )
    name = st.text_input(
        "What is it about?", max_chars=LONGEST_NAME, placeholder="Longer waits, more student reasoning"
    )
    people = {one.email: one for one in stores.lessons.colleagues(viewer.id)}
    other: str | None = None
    theirs = False
    if kind is not Kind.ALONE:
        other = st.selectbox(
            "With whom",
            list(people),
            index=None,
            placeholder="Choose a coach or a teacher",
            format_func=lambda one: called(people[one]) if one in people else one,
        )
        theirs = coaches and st.toggle("It is about their lessons, and I coach", value=True)
    if st.button("Begin", type="primary", disabled=not name.strip() or (kind is not Kind.ALONE and not other)):
        new = NewCycle(kind, name, "" if theirs else other or "", other or "" if theirs else "")
        made: list[str] = []
        if done(lambda: made.append(stores.cycles.begin(viewer.id, new))):
            st.session_state["to_cycle"] = made[0]  # app.py knows the pages
            st.rerun()


@st.dialog("The goal")
def goal(viewer: Person, whole: Whole) -> None:
    cycle = whole.cycle
    with st.form("goal", border=False):
        words = st.text_area("What should be different for students?", cycle.goal, max_chars=LONGEST_TEXT, height=110)
        looks = st.text_area(
            "What will you look for? One in each line.",
            "\n".join(cycle.look_fors),
            height=130,
            help=f"Up to {LONGEST_LOOK_FOR} characters each.",
        )
        labels = st.multiselect("Or labels of your codebooks", _labels(viewer, cycle.look_fors), placeholder="Choose")
        measure = _measure(cycle.measure)
        _save(
            lambda: session.stores().cycles.set_goal(
                viewer.id, cycle.id, words, [*looks.splitlines(), *labels], measure
            )
        )


def _labels(viewer: Person, known: Collection[str]) -> list[str]:
    """Of all codebooks that they have, or else of the one that everybody begins with: comments can carry them."""
    kept = session.stores().codebooks.mine(viewer.id)
    books = [one.codebook for one in kept if not one.taken_away] or [STARTING_SET]
    return list(dict.fromkeys(label.name for book in books for label in book.labels if label.name not in known))


def _save(act: Callable[[], object], name: str = "Save") -> None:
    """The form's button; afterwards the page is drawn anew, without the dialog."""
    if st.form_submit_button(name, type="primary") and done(act):
        st.rerun()


def _measure(now: str | None) -> str | None:
    return st.selectbox(
        "A number by which a change could be seen, where one fits",
        [None, *MEASURES],
        index=[None, *MEASURES].index(now if now in MEASURES else None),
        format_func=lambda one: NO_MEASURE if one is None else trend_title(one),
    )


@st.dialog("Choose a lesson")
def lesson(viewer: Person, whole: Whole, look: Look) -> None:
    stores = session.stores()
    taken = {one.recording for one in whole.lessons}
    seen = stores.lessons.library(viewer.id, Filter(), LOOKED_THROUGH).lessons
    found = {one.id: one for one in seen if one.owner == viewer.id and one.id not in taken}
    if not found:
        st.html('<p class="sl-note">There is no other lesson of yours. <a href="/upload">Bring one</a>.</p>')
        return
    chosen = st.selectbox(
        "Your lessons",
        list(found),
        index=None,
        placeholder="Choose one",
        format_func=lambda one: found[one].name if one in found else one,
    )
    st.html('<p class="sl-soft">It stays visible only to you until you share it.</p>')
    if st.button("Choose", type="primary", disabled=chosen is None) and done(
        lambda: stores.cycles.take_in(viewer.id, whole.cycle.id, chosen or "", look)
    ):
        st.rerun()


@st.dialog("Your reflection", width="large")
def reflection(viewer: Person, whole: Whole) -> None:
    said = dict(whole.reflection.answers) if whole.reflection else {}
    asked = list(dict.fromkeys([*whole.school.prompts, *said]))
    with st.form("reflection", border=False):
        answers = [(one, st.text_area(one, said.get(one, ""), max_chars=LONGEST_TEXT, height=110)) for one in asked]
        st.html('<p class="sl-soft">Once somebody has answered, it stays as it is, and you can add to it.</p>')
        _save(lambda: session.stores().cycles.reflect(viewer.id, whole.cycle.id, [a for a in answers if a[1].strip()]))


@st.dialog("Add to your reflection")
def addendum(viewer: Person, whole: Whole) -> None:
    with st.form("addendum", border=False):
        words = st.text_area(
            "What do you think now?", whole.reflection.addendum if whole.reflection else "", max_chars=LONGEST_TEXT
        )
        _save(lambda: session.stores().cycles.add_later(viewer.id, whole.cycle.id, words))


@st.dialog("Your notes", width="large")
def notes(viewer: Person, whole: Whole) -> None:
    mine = next((one for one in whole.notes if one.author == viewer.id), None)
    with st.form("notes", border=False):
        shared = ""
        if not whole.cycle.alone:
            shared = st.text_area("For both of you", mine.shared if mine else "", max_chars=LONGEST_TEXT, height=180)
        private = st.text_area("For yourself alone", mine.private if mine else "", max_chars=LONGEST_TEXT, height=110)
        _save(lambda: session.stores().cycles.write(viewer.id, whole.cycle.id, shared, private))


@st.dialog("When you meet")
def meeting(viewer: Person, whole: Whole) -> None:
    zone = ZoneInfo(whole.school.cadence.zone) if whole.school.cadence.zone != "UTC" else session.zone()
    before = whole.conference
    starts = before.starts.astimezone(zone) if before and before.starts else None
    with st.form("meeting", border=False):
        day = st.date_input("Day", starts.date() if starts else session.now().date() + timedelta(days=1))
        at = st.time_input("Time", starts.time() if starts else time(15, 0), step=timedelta(minutes=5))
        minutes = st.number_input("Minutes", 1, LONGEST_CONFERENCE, before.minutes if before else 30, step=5)
        st.html(f'<p class="sl-soft">In the time of {zone.key.replace("_", " ")}.</p>')
        if st.form_submit_button("Save", type="primary") and isinstance(day, date):
            when = datetime.combine(day, at, zone)
            if done(lambda: session.stores().cycles.plan(viewer.id, whole.cycle.id, when, int(minutes))):
                st.rerun()


@st.dialog("One action step")
def action_step(viewer: Person, whole: Whole) -> None:
    before, cycle = whole.action_step, whole.cycle
    looks = ["", *cycle.look_fors]
    with st.form("action-step", border=False):
        body = st.text_area(
            "The one thing that is tried next",
            before.body if before else "",
            max_chars=LONGEST_TEXT,
            placeholder="After each open question, count to three before I speak.",
        )
        look_for = st.selectbox(
            "What one would see",
            looks,
            index=looks.index(before.look_for) if before and before.look_for in looks else 0,
            format_func=lambda one: one or "None of the look-fors",
        )
        measure = _measure(before.measure if before else cycle.measure)
        back = st.date_input("Look back on it on", before.check_back if before else whole.cycle.due)
        if st.form_submit_button("Save", type="primary"):
            step = ActionStep(body, look_for, measure, back if isinstance(back, date) else None, frozenset())
            if done(lambda: session.stores().cycles.set_action_step(viewer.id, cycle.id, step)):
                st.rerun()


@st.dialog("What became of it")
def outcome(viewer: Person, whole: Whole) -> None:
    with st.form("outcome", border=False):
        words = st.text_area(
            "What did you see?", whole.action_step.outcome if whole.action_step else "", max_chars=LONGEST_TEXT
        )
        _save(lambda: session.stores().cycles.close_step(viewer.id, whole.cycle.id, words))


@st.dialog("Pause this cycle")
def pause(viewer: Person, whole: Whole) -> None:
    st.html(
        '<p class="sl-soft">It waits for nobody until you go on, is not overdue, and its day moves by as long as it '
        "rests. Leaders see that it is paused.</p>"
    )
    with st.form("pause", border=False):
        tomorrow = whole.school.cadence.day(session.now()) + timedelta(days=1)
        until = st.date_input("Go on on, if you know it", None, min_value=tomorrow)
        goes_on = until if isinstance(until, date) else None
        _save(lambda: session.stores().cycles.pause(viewer.id, whole.cycle.id, goes_on), "Pause")


@st.dialog("How we coach", width="large")
def how_we_coach(schools: Sequence[School]) -> None:
    viewer = session.viewer()
    names = {one.id: one for one in schools}
    chosen = schools[0].id
    if len(schools) > 1:
        chosen = st.selectbox("School", list(names), format_func=lambda id: names[id].name)
    school = names[chosen]
    pace = school.cadence
    zones = sorted(available_timezones())
    with st.form("how", border=False):
        weeks = st.number_input("A cycle takes how many weeks of school?", 1, MOST_WEEKS, pace.weeks)
        soon = st.number_input("Say that it is due so many school days before", 0, 30, pace.soon)
        late = st.number_input("Feedback is late after so many school days", 0, 30, pace.late)
        zone = st.selectbox("Time zone", zones, index=zones.index(pace.zone) if pace.zone in zones else None)
        off = st.text_area(
            "Holidays, one in each line: first day, last day, name",
            "\n".join(f"{one.first}, {one.last}, {one.called}" for one in pace.holidays),
            placeholder="2026-12-21, 2027-01-08, Christmas break",
        )
        st.html('<p class="sl-soft">Or <a class="sl-lk" href="/coaching/holidays">bring a calendar (.ics)</a>.</p>')
        prompts = st.text_area(
            "What teachers are asked before the meeting, one in each line", "\n".join(school.prompts)
        )
        comment = st.toggle("A teacher leaves a comment of their own before they share", school.needs_comment)
        photos = st.toggle("A learning walk may have a photo, of work or the board", school.walk_photos)
        covers = st.toggle("Faces are covered in every clip of the library of exemplars", school.covers_faces)
        st.html('<h3 class="sl-h3">What you call the stages, and which may be skipped</h3>')
        called_so = {
            stage: st.text_input(
                NAMES[stage], school.names.get(stage, ""), max_chars=LONGEST_STAGE, key=f"called-{stage}"
            )
            for stage in Stage
        }
        skip = st.multiselect("May be skipped", list(Stage), sorted(school.skippable), format_func=lambda s: NAMES[s])
        if st.form_submit_button("Save", type="primary"):
            said = replace(
                school,
                prompts=tuple(one.strip()[:LONGEST_PROMPT] for one in prompts.splitlines() if one.strip()),
                needs_comment=comment,
                walk_photos=photos,
                covers_faces=covers,
                names={stage: name.strip() for stage, name in called_so.items() if name.strip()},
                skippable=frozenset(skip),
            )
            if done(lambda: _keep(viewer, said, int(weeks), int(soon), int(late), zone or "", off)):
                st.rerun()


def _keep(viewer: Person, said: School, weeks: int, soon: int, late: int, zone: str, off: str) -> None:
    cadence = replace(said.cadence, weeks=weeks, soon=soon, late=late, zone=zone, holidays=read_holidays(off))
    session.stores().cycles.coach_so(viewer.id, replace(said, cadence=cadence))
