"""What an admin does with one person, or with schools, each in a dialog. The store decides what they may."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

import streamlit as st

from coaching.accounts import INVITATION_S, RESET_S
from coaching.errors import SecondLookError
from coaching.people import Membership
from coaching.staff import Elsewhere, Member, School
from ui import session
from ui.screens.frame import plain

DAY_S = 86_400


@st.dialog("Add a person")
def add(schools: Sequence[School]) -> None:
    viewer, staff = session.viewer(), session.stores().staff
    with st.form("add", border=False):
        email = st.text_input("Email", max_chars=254, placeholder="maya@school.org")
        name = st.text_input("Name", max_chars=200)
        school = _which(schools, "add-school")
        roles = _roles("What they are there", (Membership.TEACHER,), "add-roles")
        sent = st.form_submit_button("Add", type="primary")
    if sent and _tried(lambda: staff.add(viewer.id, school, email, name, roles)):
        _said(f"{name.strip() or email.strip()} is there now. {_next_step()}")


@st.dialog("Change a person")
def change(member: Member, schools: Sequence[School]) -> None:
    viewer, staff = session.viewer(), session.stores().staff
    called = member.name or member.email
    st.html(f'<h3 class="sl-called">{escape(called)}</h3><p class="sl-meta">{escape(member.email)}</p>')
    with st.form(f"form-{member.id}", border=False):
        name = st.text_input("Name", member.name, max_chars=200, disabled=not member.whole)
        chosen = {
            school.id: _roles(
                f"At {plain(school.name)}" if len(schools) > 1 else "What they are",
                member.roles.get(school.id, ()),
                f"{member.id}-{school.id}",
            )
            for school in schools
        }
        sent = st.form_submit_button("Save", type="primary")
    if sent and _tried(lambda: _save(member, name, chosen)):
        _said(f"{name.strip() or called} is changed.")
    st.html('<h3 class="sl-rule">Getting in</h3>')
    if not member.whole:
        st.html(f'<p class="sl-meta">{Elsewhere()}</p>')
    elif member.left:
        st.html('<p class="sl-meta">They were let go. What they recorded is kept, and is theirs.</p>')
        if st.button("Let in again") and _tried(lambda: staff.let_in(viewer.id, member.id)):
            _said(f"{called} is let in again.")
    else:
        _getting_in(member, called)


def _save(member: Member, name: str, chosen: dict[str, list[Membership]]) -> None:
    """New roles first: whoever moves to another school is at one all the time."""
    viewer, staff = session.viewer(), session.stores().staff
    if member.whole and name != member.name:
        staff.rename(viewer.id, member.id, name)
    for school, roles in sorted(chosen.items(), key=lambda one: len(one[1]), reverse=True):
        if set(roles) != member.roles.get(school, frozenset()):
            staff.change(viewer.id, member.id, school, roles)


def _getting_in(member: Member, called: str) -> None:
    viewer, staff, settings = session.viewer(), session.stores().staff, session.settings()
    if not settings.passwords:
        st.html(f'<p class="sl-meta">They sign in with {escape(_provider())}.</p>')
    elif link := st.session_state.pop(f"link-{member.id}", ""):
        days = round((RESET_S if member.entered else INVITATION_S) / DAY_S)
        st.html(
            f'<p class="sl-meta">Send this link to {escape(called)} and to nobody else. It is good once, for '
            f"{f'{days} days' if days > 1 else 'a day'}, and is not shown again.</p>"
        )
        st.code(link, language=None, wrap_lines=True)
    else:
        if member.entered:
            said = "A link lets them choose another password. Using it signs them out on every device."
        else:
            said = "A link lets them choose a password, and signs them in."
        st.html(f'<p class="sl-meta">{said}</p>')
        if st.button("Make a link for another password" if member.entered else "Make an invitation link"):
            made: list[str] = []
            if _tried(lambda: made.append(staff.invite(viewer.id, member.id))):
                st.session_state[f"link-{member.id}"] = f"{settings.public_url}/password?link={made[0]}"
                st.rerun(scope="fragment")
    if member.linked:
        st.html(f'<p class="sl-meta">Signs in with {escape(_provider())}. Unlink it where they have a new account.</p>')
        if st.button("Unlink the account") and _tried(lambda: staff.unlink(viewer.id, member.id)):
            _said(f"{called} is unlinked: the next account with their address is theirs.")
    if member.id != viewer.id:
        _letting_go(member, called)


def _letting_go(member: Member, called: str) -> None:
    viewer, staff = session.viewer(), session.stores().staff
    st.html('<h3 class="sl-rule">When they work here no more</h3>')
    st.html(
        '<p class="sl-meta">Let them go: they are signed out at once and cannot come back in. What they recorded is '
        "kept, and stays theirs. It can be undone.</p>"
    )
    if st.button(f"Let {plain(called)} go", key="let-go") and _tried(lambda: staff.let_go(viewer.id, member.id)):
        _said(f"{called} was let go, and is signed out everywhere.")


@st.dialog("Schools")
def schools(schools: Sequence[School]) -> None:
    viewer, staff = session.viewer(), session.stores().staff
    for school in schools:
        with st.form(f"school-{school.id}", border=False):
            name = st.text_input("Name of the school", school.name, max_chars=200, key=f"name-{school.id}")
            sent = st.form_submit_button("Rename")
        if sent and _tried(lambda: staff.rename_school(viewer.id, school.id, name)):  # noqa: B023 - called at once
            _said(f"The school is called {name.strip()} now.")
    st.html('<h3 class="sl-rule">Another school</h3><p class="sl-meta">You become its admin.</p>')
    with st.form("school", border=False):
        name = st.text_input("Name of the new school", max_chars=200)
        sent = st.form_submit_button("Add the school", type="primary")
    if sent and _tried(lambda: staff.add_school(viewer.id, name)):
        _said(f"{name.strip()} is there now.")


def _which(schools: Sequence[School], key: str) -> str:
    names = {school.id: school.name for school in schools}
    if len(names) == 1:
        return schools[0].id
    return st.selectbox("School", list(names), key=key, format_func=names.__getitem__)


def _roles(label: str, have: Sequence[Membership] | frozenset[Membership], key: str) -> list[Membership]:
    return st.pills(
        label,
        list(Membership),
        selection_mode="multi",
        default=[role for role in Membership if role in have],
        format_func=lambda role: role.value.capitalize(),
        key=key,
    )


def _tried(step: Callable[[], object]) -> bool:
    """Whether it was done; else the reason stands in the dialog."""
    try:
        step()
    except SecondLookError as error:
        st.html(f'<p class="sl-wrong" role="alert">{escape(str(error))}</p>')
        return False
    return True


def _said(text: str) -> None:
    """Close the dialog, and say so on the page."""
    st.session_state["people_said"] = text
    st.rerun()


def _next_step() -> str:
    if session.settings().passwords:
        return "Open Change to make the link that lets them in."
    return f"They sign in with {_provider()}."


def _provider() -> str:
    provider = session.settings().provider
    return provider.name if provider else "their school account"
