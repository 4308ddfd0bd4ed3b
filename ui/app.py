"""The pages, in the frame that all of them share. Streamlit runs this file at every rerun."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from coaching.people import Membership
from ui import session
from ui.screens import codebooks, coding, frame, given_clips, insights, jobs, lessons, people, review

MARK = str(Path(__file__).parent / "assets" / "mark.svg")

FOR_ALL = {"Lessons": st.Page(lessons.show, title="Your lessons", url_path="lessons", default=True)}
FOR_COACHING = {"Codebooks": st.Page(codebooks.show, title="Codebooks", url_path="codebooks")}
FOR_ADMINS = {
    "People": st.Page(people.show, title="People", url_path="people"),
    "Jobs": st.Page(jobs.show, title="Jobs", url_path="jobs"),
}
"""By what the navigation calls them. A page asks by itself who may see what: it is only not shown to others."""

REVIEW = st.Page(review.show, title="A lesson", url_path="review")
INSIGHTS = st.Page(insights.show, title="Insights", url_path="insights")
CODING = st.Page(coding.show, title="Labelling together", url_path="coding")
CLIPS = st.Page(given_clips.show, title="Clips shared with you", url_path="clips")
"""The way there is from a lesson's card and from the lesson; to the clips, from the library; to
labelling together, from the clips of a lesson and from the codebooks."""

ALL = [*FOR_ALL.values(), *FOR_COACHING.values(), REVIEW, INSIGHTS, CLIPS, CODING, *FOR_ADMINS.values()]

page = st.navigation(ALL, position="hidden")
st.set_page_config(page_title=f"{page.title} · Second Look", page_icon=MARK, layout="wide")
viewer = session.viewer()
roles = {what for _, what in viewer.memberships}
coached = FOR_COACHING if roles - {Membership.LEADER} else {}
frame.header(viewer, FOR_ALL | coached | (FOR_ADMINS if Membership.ADMIN in roles else {}), page)
page.run()
