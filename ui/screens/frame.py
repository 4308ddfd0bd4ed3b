"""What stands around every page: the name, the pages, who is signed in."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import escape

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from coaching.access import NotThere
from coaching.errors import SecondLookError
from coaching.people import Person
from ui.screens import bell


def header(person: Person, pages: Mapping[str, StreamlitPage], here: StreamlitPage) -> None:
    """`pages` are what this person may go to, by what they are called; `here` is the one that is shown."""
    with st.container(horizontal=True, vertical_alignment="center", key="sl-nav"):
        st.html(
            '<a class="brand" href="/"><img src="/assets/mark.svg" alt=""><span>Second Look</span></a>',
            width="content",
        )
        with st.container(horizontal=True, vertical_alignment="center", key="sl-menu"):
            for name, page in pages.items():
                if page is here:
                    st.html(f'<span class="sl-here" aria-current="page">{name}</span>', width="content")
                else:
                    st.page_link(page, label=name)
        bell.show()
        st.html(
            f'<a class="me" href="/account" aria-label="Your account, {escape(person.email)}">'
            f'<i class="av" aria-hidden="true">{escape(initials(person))}</i>'
            f"<span>{escape(person.name or person.email)}</span></a>",
            width="content",
        )


def plain(text: str) -> str:
    """`text` for a widget's label, which is Markdown: as it is, whatever it holds."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)  # before any other sign Markdown shows the backslash


def initials(person: Person) -> str:
    return called(person.name or person.email)


def called(name: str) -> str:
    """The initials of a name or an address: `maya.okafor@north.org` is MO, and so is `Maya Okafor (demo)`."""
    words = re.sub(r"\(.*?\)|[.-]", " ", name.partition("@")[0]).split()
    return "".join(word[0] for word in [*words[:1], *words[1:][-1:]]).upper() or "?"


def done(step: Callable[[], object]) -> bool:
    """Whether it could be done; what was wrong is said."""
    try:
        step()
    except NotThere:
        raise
    except SecondLookError as error:
        st.html(f'<p class="sl-wrong" role="alert">{escape(str(error))}</p>')
        return False
    return True


def not_for_you() -> None:
    """In the place of a page that is for admins."""
    st.html(
        '<div class="sl-empty"><h1>There is nothing here for you</h1>'
        "<p>This page is for the administrators of a school.</p></div>"
    )


def no_such_lesson() -> None:
    """In the place of a lesson that is not there for whoever asks."""
    st.html(
        '<div class="sl-empty"><h1>There is no such lesson here</h1><p>It was deleted, or it is not shared with '
        'you any more.</p><p><a href="/">Your lessons</a></p></div>'
    )
