"""What stands around every page: the name, the pages, who is signed in."""

from __future__ import annotations

from html import escape

import streamlit as st

from coaching.people import Person


def header(person: Person) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="sl-nav"):
        st.html(
            '<a class="brand" href="/"><img src="/assets/mark.svg" alt="">Second Look</a>',
            width="content",
        )
        st.html(
            f'<a class="me" href="/account" aria-label="Your account, {escape(person.email)}">'
            f'<i class="av" aria-hidden="true">{escape(initials(person))}</i>'
            f"<span>{escape(person.name or person.email)}</span></a>",
            width="content",
        )


def initials(person: Person) -> str:
    """Of a name or an address: `maya.okafor@north.org` is MO."""
    words = (person.name or person.email.partition("@")[0]).replace(".", " ").replace("-", " ").split()
    return "".join(word[0] for word in [*words[:1], *words[1:][-1:]]).upper() or "?"
