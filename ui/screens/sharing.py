"""Who can see a lesson, as its owner says it: only they, or whom they name, all of it or clips only; and what each of
these has played of it."""

from __future__ import annotations

from collections.abc import Collection
from html import escape

import streamlit as st

from coaching.access import Grant
from coaching.comments import Audience
from coaching.consents import May
from coaching.given_clips import ClipsGiven
from coaching.people import Person
from coaching.sharing import Given
from ui import session
from ui.screens import opening, sharing_clips
from ui.screens.frame import done, plain
from ui.screens.shared import called, sees, sleeps
from ui.screens.watched import played, when

ABSENT = "Who was not there…"
"""The dialog in which its owner says which opted-out students were not in a lesson, as a card's menu calls it."""

ONLY_ME, CLIPS, WHOLE = "Only me", "People you choose, these clips only", "People you choose, the whole lesson"
WHOM = {
    ONLY_ME: "The way every lesson starts.",
    CLIPS: "The video of the clips you choose, with what was said in them.",
    WHOLE: "Video, transcript and any notes you mark as shared.",
}
WORDS = {
    Grant.MEASURES: "The talk ribbon and the measures too",
    Grant.COMMENT: "May write comments",
    Grant.DOWNLOAD: "May save files made of it",
}
ONLY = " Only a coach, or your partner in a cycle of it, can be given it"
TO_WHOM = {May.OPEN: "", May.COACH: f"{ONLY}.", May.COVERED: f"{ONLY}, and others a clip in which faces are covered."}
RULE = (
    '<p class="sl-note">Principals and administrators cannot be chosen. Principals see none of this. An administrator '
    "can open it for an hour, for a reason that you are told and read here. Somebody who leaves your school, or is no "
    "teacher or coach there any more, cannot see it any more.</p>"
)
KNOWN = (
    '<p class="sl-soft">You see what each of them played on the lesson’s page, and they are told so there. That '
    "somebody only opened it is not kept.</p>"
)


def show(viewer: Person, recording: str) -> None:
    lessons = session.stores().lessons
    given, gave = lessons.grants(viewer.id, recording), lessons.clips_given(viewer.id, recording)
    whole = {one.person.id for one in given}
    st.html(
        f'<p class="sl-soft">“{escape(lessons.listed(viewer.id, recording).name)}”. Nothing is shared until you press '
        "Share. You can take it back at any time.</p>"
    )
    _families(viewer, recording)
    with st.container(key="sl-whom"):
        whom = st.radio(
            "Who can see this lesson",
            list(WHOM),
            index=list(WHOM).index(WHOLE if given else CLIPS if gave else ONLY_ME),
            captions=list(WHOM.values()),
            label_visibility="collapsed",
        )
    if whom == ONLY_ME:
        _only_me(viewer, recording, given, gave)
    elif whom == CLIPS:
        sharing_clips.give(viewer, recording, whole, gave)
    else:
        _give(viewer, recording, given)
    _who_has_it(viewer, recording, given)
    sharing_clips.who_has_them(viewer, recording, whole, gave)
    if by_admins := opening.told(viewer, recording):
        st.html(by_admins)
    st.html(RULE)


def _families(viewer: Person, recording: str) -> None:
    """What the families of its class agreed to, and what that means for whom it is shared with."""
    store = session.stores().consents
    standing = store.standing(viewer.id, recording)
    with st.container(key="sl-families"):
        st.html(f'<p class="sl-note"><b>{standing.pill or "Families"}</b><br>{standing.why}{TO_WHOM[standing.may]}</p>')
        if store.present(viewer.id, recording) and st.button(ABSENT, key="sl-absent", type="tertiary"):
            st.session_state["doing"] = ABSENT, recording
            st.rerun()


def _only_me(viewer: Person, recording: str, given: Collection[Given], gave: Collection[ClipsGiven]) -> None:
    everybody = {one.person.id for one in given} | {one.person.id for one in gave}
    if not everybody:
        st.button("Share", type="primary", disabled=True)
        return
    people = "One person" if len(everybody) == 1 else f"{len(everybody)} people"
    what = "it" if given and not gave else "clips of it" if gave and not given else "it, or clips of it,"
    st.html(
        f'<p class="sl-soft">{people} can see {what} until you stop sharing. What they wrote stays with the lesson.</p>'
    )
    if st.button("Stop sharing with everybody", type="primary"):
        lessons = session.stores().lessons
        for one in given:
            lessons.take_back_grant(viewer.id, recording, one.person.id)
        for some in gave:
            lessons.take_back_clips(viewer.id, recording, some.person.id)
        st.rerun(scope="fragment")


def _give(viewer: Person, recording: str, given: Collection[Given]) -> None:
    lessons, have = session.stores().lessons, {one.person.id for one in given}
    others = {one.email: one for one in lessons.takers(viewer.id, recording) if one.id not in have}
    if not others:
        somebody = "There is nobody else at your school to whom you could give it."
        nobody = "There is no other teacher or coach yet."
        st.html(f'<p class="sl-note">{somebody if lessons.colleagues(viewer.id) else nobody}</p>')
        return
    email = st.selectbox(
        "Share with",
        list(others),
        index=None,
        placeholder="Choose a teacher or a coach",
        format_func=lambda one: called(others[one]) if one in others else one,
    )
    what = _toggles(f"new-{recording}-{len(given)}", {Grant.COMMENT})
    st.html(_sees(viewer, recording, called(others[email]) if email in others else "They", what))
    if st.button("Share", type="primary", disabled=email is None) and done(
        lambda: lessons.grant(viewer.id, recording, email or "", what)
    ):
        st.rerun(scope="fragment")


def _toggles(key: str, on: Collection[Grant]) -> set[Grant]:
    return {one for one, words in WORDS.items() if st.toggle(words, one in on, key=f"{key}-{one}")}


def _sees(viewer: Person, recording: str, name: str, what: Collection[Grant]) -> str:
    """What they will see with these grants, and what stays with its owner."""
    lessons = session.stores().lessons
    notes = [one.audience for one in lessons.comments(viewer.id, recording) if not one.deleted]
    clips = [one.audience for one in lessons.clips(viewer.id, recording)]
    numbers = "The talk ribbon and the measures, as your ear corrected them"
    seen = ["Video and transcript", *_counted(notes, clips, Audience.LESSON, "shared ")]
    kept = [*_counted(notes, clips, Audience.AUTHOR, "private "), "What you guess, and what you answered by ear"]
    (seen if Grant.MEASURES in what else kept).append(numbers)
    return sees(name, seen, kept)


def _counted(notes: list[Audience], clips: list[Audience], whose: Audience, how: str) -> list[str]:
    counts = ((notes.count(whose), "note"), (clips.count(whose), "clip"))
    return [f"{n} {how}{one}{'' if n == 1 else 's'}" for n, one in counts if n]


def _who_has_it(viewer: Person, recording: str, given: Collection[Given]) -> None:
    """Everybody to whom it is given, then those from whom it was taken back, with what they played."""
    lessons, now = session.stores().lessons, session.now()
    ended = lessons.taken_back(viewer.id, recording)
    if not given and not ended:
        return
    views = {view.person: view for view in lessons.views(viewer.id, recording)}
    duration = lessons.listed(viewer.id, recording).duration
    st.html(f'<h3 class="sl-h3">Who has seen what</h3>{KNOWN}')
    for one in given:
        seen = played(views.get(one.person.id), recording, duration, now)
        _given(viewer, recording, one, f"<b>{escape(called(one.person))}</b>{seen}")
    for one in ended:
        seen = played(views.get(one.person.id), recording, duration, now)
        back = f"Not shared any more. You took it back {when(one.until, now)}." if one.until else ""
        st.html(f'<div class="sl-ended"><b>{escape(called(one.person))}</b><p class="sl-soft">{back}</p>{seen}</div>')


def _given(viewer: Person, recording: str, given: Given, head: str) -> None:
    """Somebody to whom it was given: what else they may, and the way to take it back."""
    lessons, person = session.stores().lessons, given.person
    key = f"{recording}-{person.id}"
    with st.container(border=True, key=f"sl-given-{key}"):
        st.html(head)
        # Under another key once it is another, so that what is shown is what was given.
        wanted = _toggles(f"{key}-{'-'.join(sorted(given.what))}", given.what)
        if not given.good:
            st.html(sleeps(given.kept_close))
        name = plain(called(person))
        more, less = wanted - given.what, given.what - wanted - {Grant.SEE}
        with st.container(horizontal=True):
            changes = st.button("Save", key=f"save-{key}", disabled=not (more or less), help=f"What {name} may do")
            stops = st.button("Stop sharing", key=f"stop-{key}")

    def change() -> None:
        # What is taken back first: somebody who works here no more can be given nothing, and it must still be possible.
        if less:
            lessons.take_back_grant(viewer.id, recording, person.id, less)
        if more:
            lessons.grant(viewer.id, recording, person.email, more)

    if stops:
        lessons.take_back_grant(viewer.id, recording, person.id)
    if stops or (changes and done(change)):
        st.rerun(scope="fragment")
