"""Labelling clips together: the rounds that somebody is in, and beginning one about a lesson."""

from __future__ import annotations

from html import escape

import streamlit as st

from coaching.access import NotThere
from coaching.coding import FEWEST, LONGEST_S, MOST, SHORTEST_S, Round, Stretch, spread
from coaching.library import Listed
from coaching.people import Person
from coaching.recordings import is_id
from coaching.spans import Span, clock
from ui import session
from ui.screens import coding_round
from ui.screens.frame import done, no_such_lesson, plain
from ui.screens.shared import called

SPREAD, CHOSEN = "Stretches spread over the lesson", "Clips that were made of it"


def show() -> None:
    viewer = session.viewer()
    if round := st.query_params.get("round", ""):
        coding_round.show(viewer, round)
    elif recording := st.query_params.get("recording", ""):
        _of(viewer, recording)
    else:
        _all(viewer)


def _all(viewer: Person) -> None:
    st.html(
        '<h1 class="sl-h1" tabindex="-1">Labelling together</h1><p class="sl-lead">Two people label the same clips, '
        "each for themselves, and then see where they agree. Begin on a lesson’s page, under Clips.</p>"
    )
    _list(viewer, session.stores().lessons.rounds(viewer.id), of_a_lesson=False)


def _of(viewer: Person, recording: str) -> None:
    lessons = session.stores().lessons
    try:
        listed = lessons.listed(viewer.id, recording if is_id(recording) else "")
        rounds = lessons.rounds(viewer.id, recording)
    except NotThere:
        no_such_lesson()
        return
    st.html(
        f'<nav class="sl-crumbs" aria-label="Where you are"><a href="/review?recording={listed.id}">'
        f'{escape(listed.name)}</a><span aria-hidden="true">/</span><h1>Labelling together</h1></nav>'
        '<p class="sl-lead">Two people label the same clips of this lesson, each for themselves, and then see where '
        "they agree: to find out whether a label means the same to both. It says nothing about the teacher.</p>"
    )
    _list(viewer, rounds, of_a_lesson=True)
    if listed.duration is None:
        st.html('<p class="sl-note" role="status">This lesson is not analysed yet.</p>')
    else:
        _begin(viewer, listed, listed.duration)


def _list(viewer: Person, rounds: list[Round], *, of_a_lesson: bool) -> None:
    if not rounds and not of_a_lesson:
        st.html('<p class="sl-note" role="status">You are in no round yet.</p>')
    rows = "".join(_row(viewer, one, of_a_lesson) for one in rounds)
    st.html(f'<ul class="sl-rounds" role="list">{rows}</ul>')
    for one in rounds:
        words = f"End the round of {plain(_made(one))}"
        if viewer.id in (one.begun_by, one.owner) and st.button(words, key=f"end-{one.id}", type="tertiary"):
            _end(viewer, one)


@st.dialog("End this round?")
def _end(viewer: Person, one: Round) -> None:
    st.html('<p class="sl-meta">What both of you marked is removed for good. Comments and codebooks stay.</p>')
    if st.button("End it", type="primary"):
        session.stores().lessons.end_round(viewer.id, one.id)
        st.rerun()


def _row(viewer: Person, one: Round, of_a_lesson: bool) -> str:
    inside = any(coder.person == viewer.id for coder in one.coders)
    others = " and ".join(coder.called for coder in one.coders if coder.person != viewer.id) or "nobody any more"
    head = f"{'You and ' if inside else ''}{escape(others)}"
    about = "" if of_a_lesson else f"{escape(one.lesson)}. "
    many = f"{len(one.stretches)} clips, by “{escape(one.codebook.name)}”, begun {_made(one)}."
    of = f'<span class="sl-off"> the round of {_made(one)}</span>'
    way = f'<a class="sl-lk" href="/coding?round={one.id}">Open{of}</a>'
    return (
        f'<li><div><b>{head}</b><p class="sl-meta">{about}{many} {coding_round.standing(one, viewer.id)}</p></div>'
        f"{way if inside else ''}</li>"
    )


def _made(one: Round) -> str:
    return f"{one.made.astimezone(session.zone()):%a %-d %b, %H:%M}"


def _begin(viewer: Person, listed: Listed, duration: float) -> None:
    stores = session.stores()
    people = {person.email: person for person in stores.lessons.colleagues(viewer.id)}
    st.html('<h2 class="sl-rule">Another round</h2>')
    with st.container(key="sl-begin"):
        email = st.selectbox(
            "With whom",
            list(people),
            index=None,
            format_func=lambda one: called(people[one]),
            placeholder="Choose a colleague",
        )
        books = stores.codebooks.offered(viewer.id, listed.id)
        book = st.selectbox("By which codebook", books, format_func=lambda one: one.name)
        how = st.radio("Which clips", (SPREAD, CHOSEN), key="coding-how")
        stretches = _spread(duration) if how == SPREAD else _chosen(viewer, listed)
        st.html(f'<p class="sl-meta">{_who_sees(viewer, listed, people.get(email or ""))}</p>')
        ready = email is not None and stretches is not None and len(stretches) >= FEWEST
        if st.button("Begin", type="primary", disabled=not ready):
            made: list[str] = []
            begun = email or "", book, stretches or ()
            if done(lambda: made.append(stores.lessons.begin_round(viewer.id, listed.id, *begun))):
                st.query_params.from_dict({"round": made[0]})
                st.rerun()


def _who_sees(viewer: Person, listed: Listed, other: Person | None) -> str:
    """What whoever begins should know, in HTML."""
    told = "They find it under Labelling together. Both of you see the names of the clips."
    if other and other.id == listed.owner:
        return told
    if viewer.id == listed.owner:
        return f"{told} It is there for them once you let them see this lesson and write comments."
    teacher = escape(listed.owner_called)
    return (
        f"{told} It is there for them once {teacher} lets them comment on this lesson. {teacher} is told that there is "
        "a round, and not what you mark."
    )


def _spread(duration: float) -> tuple[Stretch, ...] | None:
    with st.container(horizontal=True, key="sl-spread"):
        many = st.number_input("How many", FEWEST, MOST, 10)
        seconds = st.number_input("Seconds of each", int(SHORTEST_S), int(LONGEST_S), 30)
    found: list[tuple[Stretch, ...]] = []
    return found[0] if done(lambda: found.append(spread(duration, many, seconds))) else None


def _chosen(viewer: Person, listed: Listed) -> tuple[Stretch, ...]:
    clips = {clip.id: clip for clip in session.stores().lessons.clips(viewer.id, listed.id)}
    chosen = st.multiselect(
        "Clips",
        list(clips),
        list(clips)[:MOST],
        format_func=lambda id: f"{clips[id].name}, {clock(clips[id].start)}",
        placeholder="There are no clips of this lesson" if not clips else "Choose clips",
    )
    return tuple(Stretch(Span(clips[id].start, clips[id].stop), clips[id].name) for id in clips if id in chosen)
