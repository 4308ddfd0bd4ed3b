"""Codebooks: those of whoever looks and of their schools, with labels and versions, and the one to begin with."""

from __future__ import annotations

from html import escape

import streamlit as st

from coaching.access import NotThere
from coaching.codebooks import Codebook, Kept
from coaching.people import Person
from coaching.starting_set import STARTING_SET
from ui import session
from ui.screens import codebook_draft
from ui.screens.codebook_draft import Draft
from ui.screens.frame import done, plain
from ui.screens.labels import described, tag


def show() -> None:
    viewer = session.viewer()
    if codebook_draft.show(viewer):
        return
    if said := st.session_state.pop("codebook_said", ""):
        st.html(f'<p class="sl-note" role="status">{escape(said)}</p>')
    if codebook := st.query_params.get("codebook", ""):
        _one(viewer, codebook, st.query_params.get("version", ""))
    else:
        _all(viewer)


def _all(viewer: Person) -> None:
    found = session.stores().codebooks.mine(viewer.id)
    with st.container(horizontal=True, vertical_alignment="bottom", key="sl-books-head"):
        st.html(
            '<h1 class="sl-h1" tabindex="-1">Codebooks</h1><p class="sl-lead">The labels that you can give to moments '
            "of a lesson. They are copied into a comment, so changing a codebook changes nothing that was written.</p>"
        )
        with st.container(horizontal=True, key="sl-books-do"):
            if st.button("Make a codebook", type="primary"):
                codebook_draft.begin(Draft(Codebook("", ())))
            st.html('<a class="btn" href="/codebooks/import">Bring a file</a>', width="content")
            st.html('<a class="btn" href="/coding">Label together</a>', width="content")
    with st.container(key="sl-books"):
        for kept in found:
            if not kept.taken_away:
                st.html(_card(kept))
        with st.container(key="sl-book-start"):
            st.html(
                _open(STARTING_SET, "Everybody begins with it", "Offered where a school has no codebook of its own.")
            )
            if st.button("Begin with this"):
                codebook_draft.begin(Draft(STARTING_SET))
    if gone := [kept for kept in found if kept.taken_away]:
        st.html('<h2 class="sl-rule">Taken away</h2>')
        for kept in gone:
            if st.button(f"Bring back {plain(kept.codebook.name)}", key=f"back-{kept.id}"):
                _take_away(viewer, kept, gone=False)


def _card(kept: Kept) -> str:
    said = f'Version {kept.number}. <a class="sl-lk" href="/codebooks?codebook={kept.id}">Open<span class="sl-off"> '
    return _open(kept.codebook, whose(kept), f"{said}{escape(kept.codebook.name)}</span></a>")


def _open(codebook: Codebook, whose: str, more: str) -> str:
    """`more` is HTML."""
    many = len(codebook.labels)
    rows = "".join(
        f"<dt>{escape(category)}</dt><dd>{''.join(tag(label) for label in labels)}</dd>"
        for category, labels in codebook.categories.items()
    )
    return (
        f'<article class="sl-book"><h2>{escape(codebook.name)}</h2><p class="sl-meta">{escape(whose)}. {many} '
        f'{"label" if many == 1 else "labels"}.</p><dl>{rows}</dl><p class="sl-meta">{more}</p></article>'
    )


def whose(kept: Kept) -> str:
    return f"{kept.school}’s" if kept.school_id else "Yours alone"


def _one(viewer: Person, codebook: str, version: str) -> None:
    codebooks = session.stores().codebooks
    try:
        number = int(version) if version.isdecimal() and len(version) < 9 else None
        kept, versions = codebooks.one(viewer.id, codebook, number), codebooks.versions(viewer.id, codebook)
    except NotThere:
        st.html(
            '<div class="sl-empty"><h1>There is no such codebook here</h1><p>It was taken away, or it is not of your '
            'school.</p><p><a href="/codebooks">Codebooks</a></p></div>'
        )
        return
    newest = kept.number == versions[0].number
    with st.container(horizontal=True, vertical_alignment="center", key="sl-books-head"):
        st.html(
            '<nav class="sl-crumbs" aria-label="Where you are"><a href="/codebooks">Codebooks</a>'
            f'<span aria-hidden="true">/</span><h1>{escape(kept.codebook.name)}</h1>'
            f'<span class="sl-soft">{escape(whose(kept))}, version {kept.number}{"" if newest else ", not the newest"}'
            "</span></nav>"
        )
        with st.container(horizontal=True, key="sl-books-do"):
            if kept.may_change and st.button("Change it" if newest else "Go back to this version", type="primary"):
                codebook_draft.begin(Draft(kept.codebook, kept.id, versions[0].number, kept.school_id))
            if st.button("Copy it"):
                codebook_draft.begin(Draft(kept.codebook))
            if kept.may_change and newest and st.button("Take it away"):
                _take_away(viewer, kept)
    st.html(_labels(kept.codebook))
    of, at = f"/codebooks/{kept.id}/codebook", f"?version={kept.number}"
    st.html(
        f'<p class="sl-meta">Take it along as <a class="sl-lk" href="{of}.csv{at}" download>CSV</a> or '
        f'<a class="sl-lk" href="{of}.json{at}" download>JSON</a>.</p>'
        f'<h2 class="sl-rule">Versions</h2><ul class="sl-list">{"".join(_version(one, kept) for one in versions)}</ul>'
    )


def _version(one: Kept, shown: Kept) -> str:
    by = f", by {escape(one.by)}" if one.by else ""
    said = f"Version {one.number}"
    if one.number != shown.number:
        said = f'<a class="sl-lk" href="/codebooks?codebook={one.id}&amp;version={one.number}">{said}</a>'
    return f"<li>{said}, {one.made.astimezone(session.zone()):%a %-d %b %Y}{by}</li>"


def _labels(codebook: Codebook) -> str:
    """All of them, each with what it means."""
    parts = []
    for category, labels in codebook.categories.items():
        rows = "".join(f'<li class="sl-label">{described(label)}</li>' for label in labels)
        parts.append(f'<section><h2>{escape(category)}</h2><ul role="list">{rows}</ul></section>')
    return f'<div class="sl-labels">{"".join(parts)}</div>'


def _take_away(viewer: Person, kept: Kept, gone: bool = True) -> None:
    if done(lambda: session.stores().codebooks.take_away(viewer.id, kept.id, gone)):
        name = kept.codebook.name
        st.session_state["codebook_said"] = (
            f"“{name}” is offered no more. What was written with it stays. You can bring it back below."
            if gone
            else f"“{name}” is offered again."
        )
        st.query_params.clear()
        st.rerun()
