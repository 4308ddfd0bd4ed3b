"""Short surveys by a school: those to answer, those that are over, and what was answered, which leads to nobody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from html import escape

import streamlit as st

from coaching.access import NotThere
from coaching.people import Person
from coaching.surveys import FEWEST, LONGEST_WORDS, POINTS, Answer, Question, Result, Survey
from ui import session
from ui.screens import survey_draft
from ui.screens.coaching import day
from ui.screens.frame import done

LEAD = (
    "A few questions to the staff of a school. Nobody sees who answered what: answers are shown when a survey is "
    f"over, from {FEWEST} answers on."
)
NOTHING = (
    '<div class="sl-empty"><h2>No survey yet</h2><p>When your school asks you something, it stands here.</p></div>'
)
ONE_ONLY = (
    '<p class="sl-note">You can leave out any question. Once you send them, your answers can’t be changed or taken '
    "back: nobody knows any more which are yours, and neither do we.</p>"
)
AS_THEY_ARE = (
    '<p class="sl-soft">Your words are shown as they are, to the staff who were asked and to the school’s leaders: '
    "leave out what tells who you are.</p>"
)
TOO_FEW = f"Fewer than {FEWEST} answered this: nothing is shown."


def show() -> None:
    viewer = session.viewer()
    if st.query_params.get("new") and session.stores().surveys.places(viewer.id):
        st.html('<p><a class="sl-lk" href="/surveys" target="_self">Surveys</a></p>')
        survey_draft.show(viewer)
    elif one := st.query_params.get("one", ""):
        _one(viewer, one)
    else:
        _all(viewer)


def _all(viewer: Person) -> None:
    store = session.stores().surveys
    found, places = store.mine(viewer.id), store.places(viewer.id)
    with st.container(horizontal=True, vertical_alignment="bottom", key="sl-surveys-head"):
        st.html(f'<h1 class="sl-h1">Surveys</h1><p class="sl-lead">{LEAD}</p>')
        if places:
            st.html('<a class="btn primary" href="/surveys?new=1" target="_self">Ask your staff</a>', width="content")
    if not found:
        st.html(NOTHING)
        return
    to_answer = [one for one in found if one.may_answer]
    open = [one for one in found if not one.may_answer and not one.over]
    over = [one for one in found if one.over]
    for head, some in (("For you to answer", to_answer), ("Open", open), ("Over", over)):
        if some:
            st.html(f'<h2 class="sl-h2">{head}</h2><ul class="sl-cycles">{"".join(map(_row, some))}</ul>')


def _row(one: Survey) -> str:
    by = "You ask" if one.own else f"{one.by} asks" if one.by else ""
    state = f"Open until {_moment(one.ends)}" if not one.over else f"Ended {_moment(one.ends)}"
    pill = '<span class="pill">You answered</span>' if one.answered and not one.over else ""
    about = " · ".join(part for part in (by, one.school) if part)
    return (
        f'<li><a href="/surveys?one={one.id}" target="_self"><b>{escape(one.title)}</b><span>{escape(about)}</span>'
        f"<span>{state}</span>{pill}</a></li>"
    )


def _one(viewer: Person, id: str) -> None:
    st.html('<p><a class="sl-lk" href="/surveys" target="_self">Surveys</a></p>')
    try:
        one = session.stores().surveys.one(viewer.id, id)
    except NotThere:
        st.html(
            '<div class="sl-empty"><h1>There is no such survey here</h1><p>It was deleted, or it does not ask you.</p>'
            "</div>"
        )
        return
    by = "You ask this" if one.own else f"{one.by} asks" if one.by else ""
    until = f"it ended {_moment(one.ends)}" if one.over else f"open until {_moment(one.ends)}"
    line = " · ".join(part for part in (by, one.school, until) if part)
    st.html(f'<h1 class="sl-h1">{escape(one.title)}</h1><p class="sl-soft">{escape(line)}</p>')
    with st.container(key="sl-survey"):
        if one.may_answer:
            _answer(viewer, one)
        elif one.over:
            _results(session.stores().surveys.results(viewer.id, one.id))
        else:
            _waits(one)
    if one.may_delete and st.button("Delete this survey", type="tertiary"):
        _delete(viewer, one)


def _answer(viewer: Person, one: Survey) -> None:
    with st.form("sl-survey-answer", border=False):
        answers = [_field(one, n, question) for n, question in enumerate(one.questions)]
        st.html(ONE_ONLY)
        if st.form_submit_button("Send", type="primary") and done(
            lambda: session.stores().surveys.answer(viewer.id, one.id, answers)
        ):
            st.rerun()


def _field(one: Survey, n: int, question: Question) -> Answer:
    # A widget's own label is Markdown, and what a screen reader says of it has its backslashes.
    key, label = f"sl-sv-{one.id}-{n}", f"Your answer to question {n + 1}"
    with st.container(key=f"sl-sv-field-{n}"):
        st.html(f'<h2 class="sl-sv-q">{n + 1}. {escape(question.text)}</h2>')
        if not question.scale:
            words = st.text_area(label, max_chars=LONGEST_WORDS, key=key, label_visibility="collapsed")
            st.html(AS_THEY_ARE)
            return words
        point = st.segmented_control(label, list(POINTS), key=key, label_visibility="collapsed", width="stretch")
        ends = zip((POINTS[0], POINTS[-1]), _ends(question), strict=True)
        said = "".join(f"<span>{end} {escape(words)}</span>" for end, words in ends)
        st.html(f'<p class="sl-soft sl-sv-ends">{said}</p>')
        return point


def _ends(question: Question) -> tuple[str, str]:
    return question.low, question.high


def _waits(one: Survey) -> None:
    if one.own:
        asked = f"It asks {one.asked} people. How many answered, and what, is shown to nobody while it is open"
        st.html(f'<p class="sl-note">{asked}: two looks would show whose answer came between them.</p>')
    elif one.answered:
        st.html(
            '<p class="sl-note" role="status">Thank you. Your answers are in. When it is over, you see here what all '
            "said.</p>"
        )
    else:
        st.html('<p class="sl-note">You see here what was answered when it is over.</p>')
    rows = "".join(f"<li>{escape(question.text)}</li>" for question in one.questions)
    st.html(f'<h2 class="sl-h2">What it asks</h2><ol class="sl-sv-asked">{rows}</ol>')


def _results(results: Sequence[Result]) -> None:
    st.html("".join(map(_result, results)))


def _result(one: Result) -> str:
    head = f"<h2>{escape(one.question.text)}</h2>"
    if not one.shown:
        return f'<section class="sl-sv-result">{head}<p class="sl-soft">{TOO_FEW}</p></section>'
    if one.question.scale:
        return (
            f'<section class="sl-sv-result">{head}<p class="sl-soft">{one.answers} answers</p>{_points(one)}</section>'
        )
    words = "".join(f"<li>{_lines(text)}</li>" for text in one.words)
    about = f'<p class="sl-soft">{one.answers} answers, in no order</p>'
    return f'<section class="sl-sv-result">{head}{about}<ul class="sl-sv-words">{words}</ul></section>'


def _points(one: Result) -> str:
    """Where the answers lie, point by point: a mean of few would hide that they differ."""
    low, high = _ends(one.question)
    called = {POINTS[0]: f" {low}", POINTS[-1]: f" {high}"}
    rows = (
        f"<li><span>{point}{escape(called.get(point, ''))}</span><span>{often}</span>"
        f'<meter aria-hidden="true" max="{one.answers}" value="{often}"></meter></li>'
        for point, often in zip(POINTS, one.points, strict=True)
    )
    return f'<ul class="sl-often">{"".join(rows)}</ul>'


@st.dialog("Is it to go?")
def _delete(viewer: Person, one: Survey) -> None:
    st.html("<p>The survey and all its answers go for everybody, for good.</p>")
    if st.button("Delete it", type="primary"):
        session.stores().surveys.delete(viewer.id, one.id)
        st.query_params.clear()
        st.rerun()


def _moment(ends: datetime) -> str:
    last = (ends - timedelta(minutes=1)).astimezone(session.zone())
    return f"{day(last.date())}, {last:%H:%M}"


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")
