"""The way to bring a lesson, above the library: from this computer, or with a phone by a picture that it scans."""

from __future__ import annotations

import base64
import time

import streamlit as st

from coaching.errors import SecondLookError
from coaching.people import Membership
from coaching.uploads import CODE_S
from ui import session
from ui.tickets import NO_ADDRESS, address, picture

HERE = """
<div class="sl-way"><span class="sl-up"><i class="sl-i sl-send"></i></span>
<div class="sl-grow"><h2>Bring a lesson video</h2>
<p>MP4, MOV, WebM and most others, up to {largest:g} GB. It stays on the school’s own server.</p></div>
<a class="btn primary" href="/upload">Choose a file</a></div>
<a class="btn primary sl-record" href="/upload"><i class="sl-i sl-phone"></i>Record or upload a lesson</a>
"""
PHONE = """
<div class="sl-way">{picture}<div class="sl-grow"><h2>Record on your phone</h2><p role="status">{text}</p></div></div>
"""
CODE = '<img class="sl-qr" src="data:image/svg+xml;base64,{}" alt="QR code for your phone">'
BLANK = '<span class="sl-qr sl-none-yet"><i class="sl-i sl-phone"></i></span>'

SCAN = "Scan, prop it up, press record. It uploads by itself."
OVER = "The time of this code is over."


def show() -> None:
    """Nothing, for whoever teaches nowhere."""
    if not any(what is Membership.TEACHER for _, what in session.viewer().memberships):
        return
    with st.container(key="sl-bring"):
        st.html(HERE.format(largest=session.settings().upload_largest_gb))
        with st.container(key="sl-by-phone"):
            st.fragment(_by_phone)()


def _by_phone() -> None:
    """A code is made when somebody asks for one, and lets in whoever scans it first."""
    if not session.settings().has_public_url:
        st.html(PHONE.format(picture=BLANK, text=NO_ADDRESS))
        return
    code, ends = st.session_state.get("code", ("", 0.0))
    if ends > time.time():
        st.html(PHONE.format(picture=CODE.format(code), text=f"{SCAN} Good once, for {CODE_S / 60:.0f} minutes."))
    else:
        st.html(PHONE.format(picture=BLANK, text=OVER if code else SCAN))
    if st.button("Show another code" if code else "Show the code", key="show-code"):
        stores = session.stores()
        try:
            secret, ends = stores.tickets.issue(session.viewer().id)
        except SecondLookError as error:
            st.error(str(error))
        else:
            drawn = picture(address(session.settings(), secret))
            st.session_state["code"] = base64.b64encode(drawn.encode()).decode(), ends
            st.rerun(scope="fragment")
