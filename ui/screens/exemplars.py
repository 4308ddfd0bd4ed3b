"""A school's library of exemplars: clips that its teachers published, with what to look for in them."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from coaching.access import COLLEAGUES, NotThere
from coaching.exemplars import LONGEST_SAID, Exemplar, Said
from coaching.handouts import Making
from coaching.people import Person
from coaching.spans import clock
from ui import session
from ui.screens import exemplar_dialogs
from ui.screens.cards import day
from ui.screens.frame import done, plain

LEAD = (
    "Moments that colleagues at your school published, and what to look for in them. For its teachers and coaches, "
    "and for nobody else."
)
NOTHING = (
    '<div class="sl-empty"><h2>Nothing is published yet</h2><p>Make a clip of a moment that went well, and publish it '
    "with a sentence on what to look for.</p></div>"
)
ALL, SAVED, YOURS = "All", "Saved", "Yours"
AT_ONCE = 12
"""Films on the page before somebody asks for more."""

WAITS = {
    Making.FAILED: "The film could not be made. It is tried again in a quarter of an hour.",
}
COMES = "The film is being made. Look again in a minute."


def show() -> None:
    viewer = session.viewer()
    if not any(what in COLLEAGUES for _, what in viewer.memberships):
        st.html(
            '<div class="sl-empty"><h1>There is nothing here for you</h1><p>A library of exemplars is for the teachers '
            "and coaches of a school.</p></div>"
        )
        return
    if one := st.query_params.get("one", ""):
        _one(viewer, one)
    else:
        _all(viewer)


def _all(viewer: Person) -> None:
    found = session.stores().exemplars.all(viewer.id)
    with st.container(horizontal=True, vertical_alignment="bottom", key="sl-ex-head"):
        st.html(f'<h1 class="sl-h1">Library of exemplars</h1><p class="sl-lead">{LEAD}</p>')
        if st.button("Publish a clip", type="primary"):
            exemplar_dialogs.publish(viewer)
    if not found:
        st.html(NOTHING)
        return
    chosen = _chosen(found)
    if not chosen:
        st.html('<p class="sl-note">Nothing here is like that. Choose fewer words, or “All”.</p>')
    many = st.session_state.setdefault("exemplars-shown", AT_ONCE)
    with st.container(key="sl-exs"):
        for one in chosen[:many]:
            _card(viewer, one)
    if len(chosen) > many and st.button(f"Show more ({len(chosen) - many})"):
        st.session_state["exemplars-shown"] = many + AT_ONCE
        st.rerun()


def _chosen(found: Sequence[Exemplar]) -> list[Exemplar]:
    """What somebody looks for."""
    looks = sorted({look for one in found for look in one.look_fors}, key=str.casefold)
    with st.container(horizontal=True, vertical_alignment="center", key="sl-ex-filter"):
        whose = st.segmented_control("Which", [ALL, SAVED, YOURS], default=ALL, label_visibility="collapsed") or ALL
        look = st.selectbox("Look-for", looks, index=None, placeholder="Any look-for", label_visibility="collapsed")
        words = st.text_input("Words", placeholder="Search", label_visibility="collapsed").casefold().split()

    def is_like(one: Exemplar) -> bool:
        text = " ".join((one.name, one.to_see, one.teacher, *one.look_fors)).casefold()
        mine = whose == ALL or (one.saved if whose == SAVED else one.own)
        return mine and (look is None or look in one.look_fors) and all(word in text for word in words)

    return [one for one in found if is_like(one)]


def _card(viewer: Person, one: Exemplar) -> None:
    with st.container(key=f"sl-exemplar-{one.id}"):
        st.html(_film(one) + _words(one, "h2"))
        with st.container(horizontal=True, vertical_alignment="center", key=f"sl-ex-do-{one.id}"):
            said = "1 comment" if one.said == 1 else f"{one.said} comments" if one.said else "Comment"
            if one.said or one.asleep is None:
                st.html(f'<a class="btn" href="/exemplars?one={one.id}" target="_self">{said}</a>', width="content")
            _do(viewer, one)


def _do(viewer: Person, one: Exemplar) -> None:
    store, name = session.stores().exemplars, plain(one.name)
    if one.asleep is None and st.button("Saved" if one.saved else "Save", key=f"keep-{one.id}", help=f"“{name}”"):
        store.keep(viewer.id, one.id, not one.saved)
        st.rerun()
    if one.asleep is None and st.button("Link to a goal", key=f"tie-{one.id}", type="tertiary", help=f"“{name}”"):
        exemplar_dialogs.tie(viewer, one)
    if one.own and one.asleep is None and st.button("Withdraw", key=f"withdraw-{one.id}", type="tertiary"):
        store.withdraw(viewer.id, one.id)
        st.toast("Nobody else sees it now. You can publish it again.")
        st.rerun()
    if one.own and one.asleep is not None and st.button("Publish again", key=f"again-{one.id}", type="tertiary"):
        exemplar_dialogs.publish(viewer, one)


def _film(one: Exemplar) -> str:
    if one.asleep is not None:
        return ""
    if one.film.path is None:
        return f'<div class="sl-ex-film"><p role="status">{WAITS.get(one.film.state, COMES)}</p></div>'
    at = f"/exemplars/{one.id}"
    return (
        f'<div class="sl-ex-film"><video controls playsinline preload="metadata" src="{at}/film.mp4?{one.film.id}" '
        f'aria-label="{escape(f"Film of “{one.name}”")}"><track kind="captions" label="Captions" '
        f'src="{at}/captions.vtt?{one.film.id}" default></video></div>'
    )


def _words(one: Exemplar, head: str) -> str:
    zone = session.zone()
    published = day(one.published.astimezone(zone).date(), session.now().date())
    about = [("You" if one.own else one.teacher), published, clock(one.length)]
    if one.covered:
        about.append("faces covered")
    looks = "".join(f'<span class="pill">{escape(look)}</span>' for look in one.look_fors)
    asleep = f'<p class="sl-note">Only you see this. {escape(one.asleep)}</p>' if one.asleep else ""
    return (
        f'<article class="sl-ex-words"><{head}>{escape(one.name)}</{head}>'
        f'<p class="sl-soft">{escape(" · ".join(about))}</p>{asleep}<p class="sl-eyebrow">What to look for</p>'
        f"<p>{_lines(one.to_see)}</p>{f'<p class=sl-ex-looks>{looks}</p>' if looks else ''}</article>"
    )


def _one(viewer: Person, id: str) -> None:
    store = session.stores().exemplars
    try:
        one, said = store.one(viewer.id, id), store.said(viewer.id, id)
    except NotThere:
        st.html(
            '<div class="sl-empty"><h1>There is no such clip here</h1><p>Its teacher withdrew it, or it is another '
            'school’s.</p><p><a href="/exemplars" target="_self">The library of exemplars</a></p></div>'
        )
        return
    st.html('<p><a class="sl-lk" href="/exemplars" target="_self">Library of exemplars</a></p>')
    with st.container(key="sl-ex-one"):
        with st.container():
            st.html(_film(one) or '<p class="sl-note">Its film is on the page of the lesson.</p>')
        with st.container():
            st.html(_words(one, "h1"))
            with st.container(horizontal=True, vertical_alignment="center", key=f"sl-ex-do-{one.id}"):
                _do(viewer, one)
                if one.recording and one.clip:
                    st.html(
                        f'<a class="sl-lk" href="/review?recording={one.recording}">The lesson</a>', width="content"
                    )
    _said(viewer, one, said)


def _said(viewer: Person, one: Exemplar, said: Sequence[Said]) -> None:
    with st.container(key="sl-ex-said"):
        st.html('<h2 class="sl-h2">What colleagues say</h2>')
        if not said:
            st.html('<p class="sl-soft">Nothing yet. What did you see in it?</p>')
        for each in said:
            with st.container(horizontal=True, vertical_alignment="top", key=f"sl-ex-say-{each.id}"):
                at = day(each.made.astimezone(session.zone()).date(), session.now().date())
                who = "You" if each.own else each.called
                st.html(f'<p><b>{escape(who)}</b> <span class="sl-soft">{at}</span><br>{_lines(each.body)}</p>')
                if each.may_remove and st.button("Remove", key=f"unsay-{each.id}", type="tertiary"):
                    session.stores().exemplars.unsay(viewer.id, one.id, each.id)
                    st.rerun()
        if one.asleep is None:
            with st.form("say", clear_on_submit=True, border=False):
                body = st.text_area("Your comment", max_chars=LONGEST_SAID, placeholder="What you saw, what you wonder")
                st.html('<p class="sl-soft">The teachers and coaches of this school read it.</p>')
                if st.form_submit_button("Comment", type="primary") and done(
                    lambda: session.stores().exemplars.say(viewer.id, one.id, body)
                ):
                    st.rerun()


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")
