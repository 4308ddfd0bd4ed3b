"""A survey while it is made: its questions, whom it asks, until when."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from coaching.people import Person
from coaching.surveys import (
    AGREES,
    FEWEST,
    LONGEST_DAYS,
    LONGEST_END,
    LONGEST_QUESTION,
    LONGEST_TITLE,
    MOST_QUESTIONS,
    STARTERS,
    NewSurvey,
    Place,
    Question,
)
from ui import session
from ui.screens.frame import done, plain

DRAFT = "survey-draft"
SCALE, WORDS = "On a scale", "In their own words"
TEACHERS, COACHES = "Teachers", "Coaches"
OPEN_DAYS = 14
OWN = Question("", *AGREES)


def show(viewer: Person) -> None:
    store = session.stores().surveys
    places = {one.school: one for one in store.places(viewer.id)}
    st.html(
        '<h1 class="sl-h1">Ask your staff</h1><p class="sl-lead">Short ones are answered: three questions are many.</p>'
    )
    with st.container(key="sl-survey-draft"):
        place = next(iter(places.values()))
        if len(places) > 1:
            place = places[st.selectbox("School", list(places), format_func=lambda id: places[id].called)]
        title = st.text_input("What it is called", max_chars=LONGEST_TITLE, placeholder="Coaching this term")
        draft: dict[int, Question] = st.session_state.setdefault(DRAFT, {})
        questions = tuple(_question(n, one, position) for position, (n, one) in enumerate(list(draft.items()), 1))
        _more(draft)
        whom = st.segmented_control("Whom do you ask?", [TEACHERS, COACHES], default=[TEACHERS], selection_mode="multi")
        teachers, coaches = TEACHERS in whom, COACHES in whom
        st.html(_how_many(place, place.asked(teachers, coaches)))
        today = session.now().date()
        until = st.date_input(
            "Its last day",
            today + timedelta(days=OPEN_DAYS),
            min_value=today,
            max_value=today + timedelta(days=LONGEST_DAYS),
            format="DD.MM.YYYY",
        )
        st.html(
            '<p class="sl-soft">Once you ask, neither the questions nor the day can be changed. You don’t answer it '
            "yourself, and see nothing of the answers while it is open.</p>"
        )
        new = NewSurvey(place.school, title, questions, teachers, coaches, until)
        if st.button("Ask", type="primary") and done(lambda: _ask(viewer, new)):
            del st.session_state[DRAFT]
            st.toast("They are told now.")
            st.query_params.clear()
            st.rerun()


def _ask(viewer: Person, new: NewSurvey) -> None:
    session.stores().surveys.ask(viewer.id, new)


def _question(n: int, one: Question, position: int) -> Question:
    """The question as it stands in its fields now."""
    with st.container(key=f"sl-sv-draft-{n}"):
        text = st.text_input(f"Question {position}", one.text, max_chars=LONGEST_QUESTION, key=f"sv-text-{n}")
        low = high = ""
        if one.scale:
            with st.container(horizontal=True, key=f"sl-sv-ends-{n}"):
                low = st.text_input("1 means", one.low, max_chars=LONGEST_END, key=f"sv-low-{n}")
                high = st.text_input("5 means", one.high, max_chars=LONGEST_END, key=f"sv-high-{n}")
        else:
            st.html('<p class="sl-soft">In their own words.</p>')
        st.button("Leave it out", key=f"sv-out-{n}", type="tertiary", on_click=_leave_out, args=(n,))
        return Question(text, low, high)


def _leave_out(n: int) -> None:
    st.session_state[DRAFT].pop(n, None)


def _more(draft: dict[int, Question]) -> None:
    if len(draft) >= MOST_QUESTIONS:
        st.html(f'<p class="sl-soft">{MOST_QUESTIONS} questions are the most.</p>')
        return
    st.html('<p class="sl-soft">Questions to begin with, and your own:</p>')
    taken = {one.text for one in draft.values()}
    with st.container(horizontal=True, key="sl-sv-starters"):
        for n, one in enumerate(STARTERS):
            if one.text not in taken:
                st.button(plain(one.text), key=f"sv-starter-{n}", on_click=_add, args=(one,))
        st.button("Another, on a scale", key="sv-scale", on_click=_add, args=(OWN,))
        st.button("Another, in their own words", key="sv-words", on_click=_add, args=(Question(""),))


def _add(one: Question) -> None:
    draft = st.session_state[DRAFT]
    draft[max(draft, default=0) + 1] = one


def _how_many(place: Place, asked: int) -> str:
    few = f"That would ask {asked}. Answers are shown from {FEWEST} on: ask more."
    said = few if asked < FEWEST else f"This asks {asked} people. They are told."
    return f'<p class="sl-soft" role="status">{said}</p>'
