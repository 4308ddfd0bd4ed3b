"""How long the film of a lesson is kept, for its owner: what its card says, and the dialog in which they protect it."""

from __future__ import annotations

from datetime import datetime, timedelta
from html import escape

import streamlit as st

from coaching.people import Person
from coaching.retention import LONGEST_REASON, FilmOf, Protection
from ui import session
from ui.screens.cards import day
from ui.screens.frame import done

NOT_YET = (
    "No day is near on which this film is deleted. Where your school decides on one, you are told two weeks before, "
    "and again two days before."
)
STAYS = "What was said, the measures and all that people wrote stay."


def told(film: FilmOf, now: datetime) -> str:
    """A note for the card, or the head of the lesson's page: nothing while nothing is to be said."""
    if film.held:
        return (
            f'<div class="sl-attn"><b><i class="sl-i sl-warn"></i>Its film stays for now</b>{escape(film.held)}</div>'
        )
    if film.goes:
        when = day(film.goes.astimezone(now.tzinfo).date(), now.date())
        why = STAYS if film.may_protect else f"Your school does not let films be protected. {STAYS}"
        return _note(f"Its film is deleted on {when}", why)
    if film.protection:
        return f'<p class="sl-soft">{_protected(film.protection, now)}</p>'
    return ""


def _note(head: str, why: str) -> str:
    return f'<div class="sl-attn"><b><i class="sl-i sl-warn"></i>{head}</b>{why}</div>'


def can_protect(film: FilmOf) -> bool:
    """Whether one press protects it: it is about to go."""
    return film.may_protect and film.protection is None and (film.goes is not None or film.held is not None)


def protect(viewer: Person, recording: str, reason: str = "") -> bool:
    return done(lambda: session.stores().retention.protect(viewer.id, recording, reason))


def _protected(protection: Protection, now: datetime) -> str:
    until = f" until the end of {day(protection.until, now.date())}" if protection.until else ""
    why = f": {escape(protection.reason)}" if protection.reason else "."
    return f"You protect its film{until}{why}"


def show(viewer: Person, recording: str) -> None:
    """The dialog. Raises NotThere."""
    retention, now = session.stores().retention, session.now()
    film, lesson = retention.film(viewer.id, recording), session.stores().lessons.listed(viewer.id, recording)
    if lesson.gone:
        st.html(f"<p>{lesson.gone.sentence} {STAYS}</p>")
        return
    st.html(told(film, now) or f"<p>{NOT_YET}</p>")
    if film.protection:
        if st.button("End the protection", key="sl-unprotect"):
            retention.unprotect(viewer.id, recording)
            _over()
    elif film.may_protect:
        with st.form("protect", border=False):
            reason = st.text_input("Why you keep it (only you read this)", max_chars=LONGEST_REASON)
            tomorrow = now.date() + timedelta(days=1)
            until = st.date_input("Until the end of which day", None, min_value=tomorrow, format="DD.MM.YYYY")
            st.html('<p class="sl-meta">Without a day it is protected until you end it.</p>')
            if st.form_submit_button("Protect", type="primary") and done(
                lambda: retention.protect(viewer.id, recording, reason, until)
            ):
                _over()


def _over() -> None:
    st.session_state.pop("doing", None)
    st.rerun()
