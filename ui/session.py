"""Who looks at a page, asked anew at every rerun, and what is stored, for the screens."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import streamlit as st

from coaching.people import Person
from models import Stores

_stores: Stores | None = None
_data: Path | None = None


def opened(stores: Stores, data: Path) -> None:
    """The server's stores and its data folder, said once at its start."""
    global _stores, _data
    _stores, _data = stores, data


def stores() -> Stores:
    assert _stores is not None, "a page runs in the server alone"  # noqa: S101
    return _stores


def data() -> Path:
    assert _data is not None, "a page runs in the server alone"  # noqa: S101
    return _data


def viewer() -> Person:
    """Who looks at the page. Streamlit keeps who somebody was when the websocket was opened; so the session is looked
    up whenever a page or a part of one runs. Where it has ended, nothing more of the page does."""
    person = stores().accounts.session(str(st.user.get("session") or ""))
    return person or _signed_out()


def _signed_out() -> NoReturn:
    st.html(
        '<div class="sl-empty" role="alert"><h1>You are signed out</h1>'
        '<p>What you saved is safe.</p><a class="btn primary" href="/signin">Sign in</a></div>'
    )
    st.stop()
