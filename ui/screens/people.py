"""Who works at the schools of whoever looks, for admins: find them, add them, let them in. Lessons stay closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from html import escape

import streamlit as st

from coaching.people import Membership
from coaching.staff import Member, School
from ui import session
from ui.screens import keeping, person
from ui.screens.frame import called, not_for_you

A_PAGE = 50

ALL = "All"


class Standing(StrEnum):
    """What people can be filtered by, beside what they are."""

    NOT_IN = "Not in yet"
    LET_GO = "Let go"


def show() -> None:
    viewer, staff = session.viewer(), session.stores().staff
    schools = staff.schools(viewer.id)
    if not schools:
        not_for_you()
        return
    members = staff.members(viewer.id)
    where = schools[0].name if len(schools) == 1 else f"your {len(schools)} schools"
    with st.container(horizontal=True, vertical_alignment="bottom", key="sl-people-head"):
        st.html(
            f'<h1 class="sl-h1">People</h1><p class="sl-lead">Who works at {escape(where)}, and as what. '
            "Their lessons stay theirs: you do not see them here.</p>"
        )
        with st.container(horizontal=True, key="sl-people-do"):
            if st.button("Add a person", type="primary"):
                person.add(schools)
            st.html('<a class="btn" href="/people/import">Bring a list</a>', width="content")
            st.html('<a class="btn" href="/surveys">Surveys</a>', width="content")
            if st.button("Schools"):
                person.schools(schools)
    if said := st.session_state.pop("people_said", ""):
        st.html(f'<p class="sl-note" role="status">{escape(said)}</p>')
    found = _filtered(members, schools)
    if not found:
        st.html('<p class="sl-note" role="status">Nobody is like that.</p>')
        keeping.show()
        return
    names = {school.id: school.name for school in schools}
    many = st.session_state.setdefault("people_many", A_PAGE)
    with st.container(key="sl-people"):
        for member in found[:many]:
            _row(member, names, schools)
    if len(found) > many and st.button(f"Show more of {len(found)} people"):
        st.session_state["people_many"] = many + A_PAGE
        st.rerun()
    keeping.show()


def _filtered(members: Sequence[Member], schools: Sequence[School]) -> list[Member]:
    """Those that the filters leave."""
    with st.container(horizontal=True, vertical_alignment="center", key="sl-filters"):
        kinds = {ALL: members} | {
            kind: found for kind in (*Membership, *Standing) if (found := [m for m in members if _is(m, kind)])
        }
        chosen = st.session_state.get("people_kind")
        if chosen is not None and chosen not in kinds:
            kinds[chosen] = []
        kind = st.pills(
            "Show",
            list(kinds),
            default=ALL,
            required=True,
            key="people_kind",
            format_func=lambda k: f"{PLURAL.get(k, k)} {len(kinds[k])}",
            label_visibility="collapsed",
            on_change=_from_the_top,
        )
        place = ""
        if len(schools) > 1:
            names = {school.id: school.name for school in schools}
            place = st.selectbox(
                "School",
                ["", *names],
                key="people_school",
                format_func=lambda id: names.get(id, "All schools"),
                label_visibility="collapsed",
                on_change=_from_the_top,
            )
        text = st.text_input(
            "Search people",
            key="people_text",
            placeholder="Search people",
            label_visibility="collapsed",
            on_change=_from_the_top,
        )
    word = text.strip().casefold()
    found = kinds.get(kind, members)
    return [m for m in found if word in f"{m.name} {m.email}".casefold() and (not place or m.roles.get(place))]


PLURAL: Mapping[str, str] = {
    Membership.TEACHER: "Teachers",
    Membership.COACH: "Coaches",
    Membership.LEADER: "Leaders",
    Membership.ADMIN: "Admins",
}


def _from_the_top() -> None:
    st.session_state["people_many"] = A_PAGE


def _is(member: Member, kind: Membership | Standing) -> bool:
    """Whoever was let go is that alone."""
    if kind is Standing.LET_GO or member.left:
        return member.left and kind is Standing.LET_GO
    if kind is Standing.NOT_IN:
        return not member.entered
    return any(kind in roles for roles in member.roles.values())


def _row(member: Member, names: Mapping[str, str], schools: Sequence[School]) -> None:
    with st.container(key=f"sl-person-{member.id}"):
        st.html(_cells(member, names))
        if st.button("Change", key=f"change-{member.id}"):
            person.change(member, schools)


def _cells(member: Member, names: Mapping[str, str]) -> str:
    name = member.name or member.email
    email = f"<small>{escape(member.email)}</small>" if member.name else ""
    places = []
    for id, roles in sorted(member.roles.items(), key=lambda one: names[one[0]]):
        tags = "".join(f'<span class="sl-tag">{role.value}</span>' for role in Membership if role in roles)
        places.append(f"<div>{tags}{f'<small>{escape(names[id])}</small>' if len(names) > 1 else ''}</div>")
    return (
        f'<article class="sl-person"><div class="sl-whose"><i class="av" aria-hidden="true">{escape(called(name))}</i>'
        f"<div><h2>{escape(name)}</h2>{email}</div></div><div>{''.join(places)}</div>{_standing(member)}</article>"
    )


def _standing(member: Member) -> str:
    if member.left:
        return '<div><span class="pill attn">Let go</span></div>'
    if not member.entered:
        return f'<div><span class="pill">{Standing.NOT_IN}</span></div>'
    return "<div></div>"
