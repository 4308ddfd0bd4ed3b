"""The library: the lessons that a person may see, the newest first, each with where it stands."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from coaching.access import Action, decide
from coaching.errors import SecondLookError
from coaching.library import Listed, Page, Shown, Whose, shown
from coaching.people import Membership, Person
from coaching.services.lessons import retry
from coaching.uploads import Upload, UploadState
from ui import session
from ui.screens import bring, filters, lesson_dialogs
from ui.screens.asked import KINDS, Asked, asked
from ui.screens.cards import Coming, card, coming
from ui.screens.frame import plain
from ui.shelf import Shelf

A_PAGE = 24
"""Cards at once: eight rows on a desk."""

EVERY_S = 3.0
"""How often a library asks anew while something in it is at work."""

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
    """All that the page shows, read at one time."""

    asked: Asked
    page: Page
    coming: tuple[Coming, ...]

    @property
    def live(self) -> bool:
        """Whether it may change by itself."""
        return self.page.open or any(one.upload.state is not UploadState.REFUSED for one in self.coming)


def show() -> None:
    viewer = session.viewer()
    look = _look(viewer)
    teaches = any(what is Membership.TEACHER for _, what in viewer.memberships)
    if not teaches and look.page.whose.get(Whose.WITH_ME, 0) == look.page.all:
        head, lead = "Shared with you", "What teachers let you see stands here, for as long as they do."
    else:
        head, lead = "Your lessons", "Every recording starts out visible only to you."
    st.html(f'<h1 class="sl-h1">{head}</h1><p class="sl-lead">{lead}</p>')
    bring.show()
    if look.page.empty and not look.coming:
        _nothing(teaches)
    else:
        # In a container of its own: asked for again while the whole page runs, a fragment may be left out of that page
        # by Streamlit, which closes the gap and then puts it over whatever stands next: what lesson_dialogs shows.
        with st.container():
            st.fragment(_library, run_every=EVERY_S if look.live else None)(look.live, [look])
    lesson_dialogs.show(viewer)


def _look(viewer: Person) -> Look:
    said = asked(st.query_params.to_dict())
    page = session.stores().lessons.library(viewer.id, said.filter(_zone()), st.session_state.get("many", A_PAGE))
    return Look(said, page, tuple(_coming(viewer, said)))


def _library(live: bool, read: list[Look]) -> None:
    """The part that is shown anew by itself while something is at work. `read` has what the page just read, once."""
    viewer = session.viewer()
    look = read.pop() if read else _look(viewer)
    if live and not look.live:
        st.rerun()  # the whole page: nothing has to ask any more
    page, now = look.page, datetime.now(_zone())
    filters.show(viewer, look.asked, page, len(look.coming), now.date())
    at_work = page.shown.get(Shown.AT_WORK, 0)
    if at_work and not any(w.idle_s < NOBODY_WORKS_S for w in session.stores().jobs.workers()):
        st.html(NOBODY_WORKS)
    if not page.lessons and not look.coming:
        st.html('<p class="sl-note" role="status">No lesson is like that.</p>')
    with st.container(key="sl-cards"):
        for one in look.coming:
            with st.container(key=f"sl-card-{one.upload.id}"):
                st.html(coming(one, now))
        for lesson in page.lessons:
            _card(lesson, viewer, now)
    if page.found > len(page.lessons) and st.button(f"Show more of {page.found} lessons"):
        st.session_state["many"] = len(page.lessons) + A_PAGE
        st.rerun(scope="fragment")


def _card(lesson: Listed, viewer: Person, now: datetime) -> None:
    with st.container(key=f"sl-card-{lesson.id}"):
        st.html(card(lesson, viewer.id, now))
        if not decide(viewer.id, Action.CHANGE, lesson.owner, lesson.given).allowed:
            return
        doing = st.menu_button(
            f"More for {plain(lesson.name)}", list(lesson_dialogs.OFFERED), key=f"menu-{lesson.id}", type="tertiary"
        )
        if doing:
            lesson_dialogs.begin(doing, lesson.id)
        if shown(lesson.run) is Shown.ATTENTION and st.button("Retry", key=f"retry-{lesson.id}"):
            stores = session.stores()
            try:
                retry(stores.lessons, stores.jobs, viewer.id, lesson.id)
            except SecondLookError as error:
                st.error(str(error))
            else:
                st.rerun()


def _coming(viewer: Person, said: Asked) -> list[Coming]:
    """Lessons on their way here, where they can be among what is looked for."""
    if said.hidden or KINDS[said.kind] not in (None, Shown.AT_WORK):
        return []
    text = said.text.strip().lower()
    uploads = [one for one in session.stores().uploads.mine(viewer.id) if text in one.name.lower()]
    shelf = Shelf(session.settings().data_dir) if uploads else None
    return [_moving(one, sum(shelf.come(one.id, part.id) for part in one.files)) for one in uploads if shelf]


def _moving(upload: Upload, come: int) -> Coming:
    """How long the rest takes, from how much came while this page looked."""
    now, seen = time.monotonic(), st.session_state.setdefault("came", {})
    since, from_, last, at = seen.get(upload.id, (now, come, now, come))
    if come != at:
        last, at = now, come
    elif now - last > STILL_S:
        since, from_ = now, come
    seen[upload.id] = since, from_, last, at
    rate = (come - from_) / (now - since) if now > since else 0.0
    left = sum(part.size for part in upload.files) - come
    return Coming(upload, come, left / rate if rate else None)


def _nothing(teaches: bool) -> None:
    head, text = "Your first lesson goes here", "Only you will see it."
    if not teaches:
        head, text = "Nothing is shared with you yet", "When a teacher shares a lesson with you, it stands here."
    st.html(f'<div class="sl-empty"><i class="sl-i sl-play"></i><h2>{head}</h2><p>{text}</p></div>')


def _zone() -> ZoneInfo:
    """The reader's own, as the browser says it."""
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")
