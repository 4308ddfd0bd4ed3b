"""A teacher's own page of progress: what they look back on, theirs alone unless they show it to somebody by name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from html import escape

import streamlit as st

from coaching.access import COLLEAGUES, NotThere
from coaching.people import Person
from coaching.progress import Reader, Words
from coaching.services.progress import Changed, Closed, In, LookedBack, look_back
from ui import session
from ui.screens import coaching, cycle_parts
from ui.screens.frame import done, plain
from ui.screens.shared import SLEEPS, called, sees

LEAD = "What you closed, what changed, and words worth keeping. Nothing here is counted, scored or compared."
NOT_THERE = (
    '<div class="sl-empty"><h1>There is nothing here for you</h1><p>This page is somebody else’s, or it is not shown '
    'to you any more.</p><p><a href="/">Your lessons</a></p></div>'
)
NOTHING = (
    '<div class="sl-empty"><i class="sl-i sl-ready"></i><h2>Nothing here yet</h2><p>It fills by itself: with each '
    "action step of which you say what became of it, and with each change from a first look to the second that is "
    "larger than chance. Once others write in the lessons of your cycles, you can keep their words here.</p></div>"
)
CHANGES = (
    "From a cycle’s first look to its second, by what the cycle had set out to look at. Only what is too large for the "
    "measurement’s error and chance."
)
SEEN = (
    "The action steps that you closed, what became of them, and the names of their cycles",
    "The changes, with their ranges",
    "The words that you kept, with who said them",
)
STAYS = ("Every lesson, its video and its words", "The cycles, their notes and reflections")


def show() -> None:
    viewer, stores = session.viewer(), session.stores()
    try:
        if not any(what in COLLEAGUES for _, what in viewer.memberships):
            raise NotThere
        of = st.query_params.get("of", viewer.id)
        found = look_back(stores.progress, stores.cycles, stores.lessons, viewer.id, of)
    except NotThere:
        st.html(NOT_THERE)
        return
    own = found.whose.id == viewer.id
    readers = stores.progress.readers(viewer.id) if own else []
    _head(viewer, found, readers)
    offered = stores.progress.to_keep(viewer.id) if own else []
    if not (found.closed or found.changed or found.kept):
        st.html(NOTHING if own else '<div class="sl-empty"><h2>Nothing here yet</h2></div>')
    if found.closed:
        st.html(_part("Action steps that you closed" if own else "Action steps", map(_closed, found.closed)))
    if found.changed:
        st.html(_part("What changed", map(_changed, found.changed), CHANGES))
    if found.kept or offered:
        _kept(viewer, found, offered)
    if own:
        _readers(viewer, readers)
        _others(stores.progress.shown_by(viewer.id))


def _head(viewer: Person, found: LookedBack, readers: list[Reader]) -> None:
    own, good = found.whose.id == viewer.id, sum(one.good for one in readers)
    name = called(found.whose)
    title, lead = ("Your progress", LEAD) if own else (f"{name}’s progress", f"{name} shows you this page.")
    who = f"You and {good} {'other' if good == 1 else 'others'}" if good else "Only you"
    icon = "sl-people" if good else "sl-lock"
    pill = f'<p><span class="pill ok"><i class="sl-i {icon}"></i>{who}</span></p>' if own else ""
    with st.container(horizontal=True, vertical_alignment="bottom", key="sl-progress-head"):
        st.html(
            f'<p class="sl-crumb"><a href="/coaching">Coaching</a></p><h1 class="sl-h1">{escape(title)}</h1>'
            f'<p class="sl-lead">{escape(lead)}</p>{pill}'
        )
        if own and st.button("Show it to somebody"):
            _show_to(viewer, readers)


def _part(head: str, rows: Iterable[str], lead: str = "") -> str:
    said = f'<p class="sl-soft">{lead}</p>' if lead else ""
    return f'<section class="sl-look"><h2>{head}</h2>{said}<ul class="sl-looked">{"".join(rows)}</ul></section>'


def _closed(one: Closed) -> str:
    return (
        f'<li><p class="sl-big">{_lines(one.body)}</p><p class="sl-eyebrow">What became of it</p>'
        f'<p>{_lines(one.outcome)}</p><p class="sl-soft">{_day(one.when)} · {_cycle(one.cycle)}</p></li>'
    )


def _changed(one: Changed) -> str:
    return (
        f'<li><div class="sl-numbers">{cycle_parts.number(one.evidence)}</div>'
        f'<p class="sl-soft">{_cycle(one.cycle)}</p></li>'
    )


def _cycle(one: In) -> str:
    name = escape(one.name)
    return name if one.id is None else f'<a class="sl-lk" href="/cycle?cycle={one.id}">{name}</a>'


def _kept(viewer: Person, found: LookedBack, offered: list[Words]) -> None:
    own = found.whose.id == viewer.id
    with st.container(key="sl-kept"):
        st.html("<h2>Kind words</h2>")
        if not found.kept:
            st.html('<p class="sl-soft">Keep what others wrote in your lessons and you want to read again.</p>')
        for one in found.kept:
            with st.container(key=f"sl-words-{one.comment}", horizontal=True, vertical_alignment="center"):
                st.html(
                    f"<figure><blockquote>{_lines(one.body)}</blockquote>"
                    f'<figcaption class="sl-soft">{escape(one.by)}, {_day(one.made)}</figcaption></figure>'
                )
                about = plain(f"{one.by}, {_day(one.made)}")
                if own and st.button("Remove", key=f"remove-{one.comment}", type="tertiary", help=about):
                    session.stores().progress.let_go(viewer.id, one.comment)
                    st.rerun()
        if offered and st.button("Keep kind words"):
            _keep(viewer, offered)


@st.dialog("Keep kind words")
def _keep(viewer: Person, offered: list[Words]) -> None:
    words = {one.comment: one for one in offered}
    chosen = st.selectbox(
        "What others wrote in your lessons",
        list(words),
        index=None,
        placeholder="Choose a comment",
        format_func=lambda id: f"{words[id].by}: {' '.join(words[id].body.split())}"[:120],
    )
    if chosen:
        st.html(f'<p class="sl-note">{_lines(words[chosen].body)}</p>')
    st.html('<p class="sl-soft">If it is deleted in the lesson, it goes from here too.</p>')
    if st.button("Keep", type="primary", disabled=chosen is None) and done(
        lambda: session.stores().progress.keep(viewer.id, chosen or "")
    ):
        st.rerun()


@st.dialog("Show it to somebody")
def _show_to(viewer: Person, readers: list[Reader]) -> None:
    stores, have = session.stores(), {one.person.id for one in readers}
    others = {one.email: one for one in stores.lessons.colleagues(viewer.id) if one.id not in have}
    if not others:
        nobody = "Everybody whom you can show it to sees it." if have else "There is no other teacher or coach yet."
        st.html(f'<p class="sl-note">{nobody}</p>')
        return
    email = st.selectbox(
        "To whom",
        list(others),
        index=None,
        placeholder="Choose a teacher or a coach",
        format_func=lambda one: called(others[one]) if one in others else one,
    )
    st.html(sees(called(others[email]) if email else "They", SEEN, STAYS))
    if st.button("Show it", type="primary", disabled=email is None) and done(
        lambda: stores.progress.show_to(viewer.id, email or "")
    ):
        st.rerun()


def _readers(viewer: Person, readers: list[Reader]) -> None:
    if not readers:
        return
    with st.container(key="sl-shown-to"):
        st.html("<h2>Who sees this page</h2>")
        for one in readers:
            with st.container(key=f"sl-reader-{one.person.id}", horizontal=True, vertical_alignment="center"):
                since = f'<span class="sl-soft">since {_day(one.since)}</span>'
                st.html(f"<p><b>{escape(called(one.person))}</b> {since}</p>{'' if one.good else SLEEPS}")
                if st.button("Stop", key=f"stop-{one.person.id}", help=f"Not to {plain(called(one.person))} any more"):
                    session.stores().progress.hide_from(viewer.id, one.person.id)
                    st.rerun()


def _others(people: list[Person]) -> None:
    if people:
        links = (f'<li><a class="sl-lk" href="/progress?of={p.id}">{escape(called(p))}</a></li>' for p in people)
        st.html(f'<h2 class="sl-h2">Who shows you theirs</h2><ul class="sl-shown-by">{"".join(links)}</ul>')


def _day(when: datetime) -> str:
    at = when.astimezone(session.zone()).date()
    return f"{coaching.day(at)} {at.year}"


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")
