"""Who looks at a page, asked anew at every rerun, and what is stored, for the screens."""

from __future__ import annotations

from datetime import datetime
from typing import NoReturn
from zoneinfo import ZoneInfo

import streamlit as st

from coaching.people import Person
from coaching.settings import Settings
from models import Stores
from ui.gate import SESSION

_stores: Stores | None = None
_settings: Settings | None = None


def opened(stores: Stores, settings: Settings) -> None:
    """The server's stores and settings, said once at its start."""
    global _stores, _settings
    _stores, _settings = stores, settings


def stores() -> Stores:
    assert _stores is not None, "a page runs in the server alone"  # noqa: S101
    return _stores


def settings() -> Settings:
    assert _settings is not None, "a page runs in the server alone"  # noqa: S101
    return _settings


def viewer() -> Person:
    """Who looks at the page. Streamlit keeps who somebody was when the websocket was opened; so the session is looked
    up whenever a page or a part of one runs. Where it has ended, nothing more of the page does."""
    person = stores().accounts.session(st.context.headers.get(SESSION, ""))
    return person or _signed_out()


def zone() -> ZoneInfo:
    """The reader's own, as the browser says it."""
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")


def now() -> datetime:
    """In the reader's own time."""
    return datetime.now(zone())


def _signed_out() -> NoReturn:
    st.html(
        '<div class="sl-empty" role="alert"><h1>You are signed out</h1>'
        '<p>What you saved is safe.</p><a class="btn primary" href="/signin">Sign in</a></div>'
    )
    st.stop()
