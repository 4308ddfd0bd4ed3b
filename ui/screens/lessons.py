"""The library: the lessons that a person may see, the newest first, each with where it stands."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from coaching.access import Action, decide
from coaching.errors import SecondLookError
from coaching.library import Listed, Page, Shown, Whose, shown
from coaching.people import Membership, Person
from coaching.retention import STAYS, FilmOf
from coaching.services.lessons import retry
from coaching.uploads import KEPT_S, Upload
from ui import session
from ui.screens import bring, classes, film, filters, given_clips, lesson_dialogs
from ui.screens.asked import KINDS, Asked, asked
from ui.screens.cards import Coming, card, coming
from ui.screens.frame import plain
from ui.shelf import Shelf

A_PAGE = 24
"""Cards at once: eight rows on a desk."""

EVERY_S = 3.0
"""How often a library asks anew while something in it is at work."""

IDLE_S = 12.0
"""How often it looks, while nothing is, whether something began elsewhere: on a phone, say."""

NOBODY_WORKS_S = 60.0
"""Without a sign of life of any worker for so long, what waits would wait for ever: people are told."""

STILL_S = 20.0
"""An upload of which nothing came for so long is said to be paused."""

NOBODY_WORKS = (
    '<p class="sl-note" role="status">Nothing is analysing lessons at the moment, so what waits does not begin. Your '
    "administrator can start a worker.</p>"
)


@dataclass(frozen=True, slots=True)
class Look:
    """All that the page shows, read at one time. `coming` are of every kind, whichever is looked for."""

    asked: Asked
    page: Page
    coming: tuple[Coming, ...]

    @property
    def live(self) -> bool:
        """Whether it may change by itself."""
        return self.page.open or any(one.shown is Shown.AT_WORK for one in self.coming)

    @property
    def cards(self) -> list[Coming]:
        """Those on their way that are looked for."""
        return [one for one in self.coming if KINDS[self.asked.kind] in (None, one.shown)]


def show() -> None:
    viewer = session.viewer()
    there, look = _there(viewer), _look(viewer)
    teaches = any(what is Membership.TEACHER for _, what in viewer.memberships)
    if not teaches and look.page.whose.get(Whose.WITH_ME, 0) == look.page.all:
        head, lead = "Shared with you", "What teachers let you see stands here, for as long as they do."
    else:
        head, lead = "Your lessons", "Every recording starts out visible only to you."
    st.html(f'<h1 class="sl-h1">{head}</h1><p class="sl-lead">{lead}</p>')
    clips = given_clips.way(viewer)
    classes.way(viewer)
    bring.show()
    if look.page.empty and not look.coming:
        if teaches or not clips:
            _nothing(teaches)
    else:
        # In a container of its own: asked for again while the whole page runs, a fragment may be left out of that page
        # by Streamlit, which closes the gap and then puts it over whatever stands next: what lesson_dialogs shows.
        with st.container():
            st.fragment(_library, run_every=EVERY_S if look.live else None)(look.live, [look])
    if not look.live:
        with st.container():
            st.fragment(_wait, run_every=IDLE_S)(there, [there])
    lesson_dialogs.show(viewer)


def _wait(before: tuple[object, ...], read: list[tuple[object, ...]]) -> None:
    """Nothing, until something is there that was not when the page was shown. `read` has what the page just read."""
    if (read.pop() if read else _there(session.viewer())) != before:
        st.rerun()


def _there(viewer: Person) -> tuple[object, ...]:
    """What tells that something began or came: little to ask for, unlike a whole look."""
    stores = session.stores()
    clips = (one.id for one in stores.lessons.clips_for_me(viewer.id))
    return stores.lessons.newest(viewer.id), *clips, *((one.id, one.state) for one in stores.uploads.mine(viewer.id))


def _look(viewer: Person) -> Look:
    said = asked(st.query_params.to_dict())
    page = session.stores().lessons.library(
        viewer.id, said.filter(session.zone()), st.session_state.get("many", A_PAGE)
    )
    return Look(said, page, tuple(_coming(viewer, said)))


def _library(live: bool, read: list[Look]) -> None:
    """The part that is shown anew by itself while something is at work. `read` has what the page just read, once."""
    viewer = session.viewer()
    look = read.pop() if read else _look(viewer)
    if live and not look.live:
        st.rerun()  # the whole page: nothing has to ask any more
    page, now = look.page, session.now()
    filters.show(viewer, look.asked, page, Counter(one.shown for one in look.coming), now.date())
    at_work = page.shown.get(Shown.AT_WORK, 0)
    if at_work and not any(w.idle_s < NOBODY_WORKS_S for w in session.stores().jobs.workers()):
        st.html(NOBODY_WORKS)
    if not page.lessons and not look.cards:
        st.html('<p class="sl-note" role="status">No lesson is like that.</p>')
    with st.container(key="sl-cards"):
        for one in look.cards:
            with st.container(key=f"sl-card-{one.upload.id}"):
                st.html(coming(one, now))
        films = session.stores().retention.films(viewer.id, [lesson.id for lesson in page.lessons])
        for lesson in page.lessons:
            _card(lesson, viewer, now, films.get(lesson.id, STAYS))
    if page.found > len(page.lessons) and st.button(f"Show more of {page.found} lessons"):
        st.session_state["many"] = len(page.lessons) + A_PAGE
        st.rerun(scope="fragment")


def _card(lesson: Listed, viewer: Person, now: datetime, of_film: FilmOf) -> None:
    with st.container(key=f"sl-card-{lesson.id}"):
        st.html(card(lesson, viewer.id, now, film.told(of_film, now)))
        if not decide(viewer.id, Action.CHANGE, lesson.owner, lesson.given).allowed:
            return
        doing = st.menu_button(
            f"More for {plain(lesson.name)}", list(lesson_dialogs.OFFERED), key=f"menu-{lesson.id}", type="tertiary"
        )
        if doing:
            lesson_dialogs.begin(doing, lesson.id)
        if film.can_protect(of_film):
            if st.button("Protect", key=f"protect-{lesson.id}") and film.protect(viewer, lesson.id):
                st.rerun()
        elif shown(lesson.run) is Shown.ATTENTION and not lesson.gone and st.button("Retry", key=f"retry-{lesson.id}"):
            stores = session.stores()
            try:
                retry(stores.lessons, stores.jobs, viewer.id, lesson.id)
            except SecondLookError as error:
                st.error(str(error))
            else:
                st.rerun()


def _coming(viewer: Person, said: Asked) -> list[Coming]:
    """Lessons on their way here, where they can be among what is looked for, of whichever kind."""
    if said.hidden:
        return []
    text = said.text.strip().lower()
    uploads = [one for one in session.stores().uploads.mine(viewer.id) if text in one.name.lower()]
    shelf = Shelf(session.settings().data_dir) if uploads else None
    return [_moving(one, shelf) for one in uploads if shelf]


def _moving(upload: Upload, shelf: Shelf) -> Coming:
    """Whether it moves, and how long the rest takes, from how much came while this page looked."""
    now, seen = time.time(), st.session_state.setdefault("came", {})
    come = sum(shelf.come(upload.id, part.id) for part in upload.files)
    heard = max(upload.ends - KEPT_S, *(shelf.heard(upload.id, part.id) for part in upload.files))
    if now - heard > STILL_S:
        seen.pop(upload.id, None)
        return Coming(upload, come, still=True)
    since, from_ = seen.get(upload.id, (now, come))
    if come < from_:  # it began anew
        since, from_ = now, come
    seen[upload.id] = since, from_
    rate = (come - from_) / (now - since) if now > since else 0.0
    left = sum(part.size for part in upload.files) - come
    return Coming(upload, come, left / rate if rate else None)


def _nothing(teaches: bool) -> None:
    head, text = "Your first lesson goes here", "Only you will see it."
    if not teaches:
        head, text = "Nothing is shared with you yet", "When a teacher shares a lesson with you, it stands here."
    st.html(f'<div class="sl-empty"><i class="sl-i sl-play"></i><h2>{head}</h2><p>{text}</p></div>')
