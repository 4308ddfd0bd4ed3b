"""The pages, in the frame that all of them share. Streamlit runs this file at every rerun."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from ui import session
from ui.screens import frame, jobs, lessons

MARK = str(Path(__file__).parent / "assets" / "mark.svg")

page = st.navigation(
    [
        st.Page(lessons.show, title="Your lessons", url_path="lessons", default=True),
        st.Page(jobs.show, title="Jobs", url_path="jobs"),
    ],
    position="hidden",
)
st.set_page_config(page_title=f"{page.title} · Second Look", page_icon=MARK, layout="wide")
frame.header(session.viewer())
page.run()
