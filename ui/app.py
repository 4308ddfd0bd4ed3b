"""The pages, in the frame that all of them share. Streamlit runs this file at every rerun."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from coaching.access import COLLEAGUES
from coaching.people import Membership
from ui import session
from ui.screens import (
    classes,
    coaching,
    codebooks,
    coding,
    conference,
    cycle,
    exemplars,
    frame,
    given_clips,
    insights,
    jobs,
    leadership,
    lessons,
    notifications,
    people,
    progress,
    review,
    surveys,
    walks,
)

MARK = str(Path(__file__).parent / "assets" / "mark.svg")

FOR_ALL = {"Lessons": st.Page(lessons.show, title="Your lessons", url_path="lessons", default=True)}
FOR_COLLEAGUES = {"Coaching": st.Page(coaching.show, title="Coaching", url_path="coaching")}
FOR_LABELLING = {"Codebooks": st.Page(codebooks.show, title="Codebooks", url_path="codebooks")}
FOR_LEADERS = {"Leadership": st.Page(leadership.show, title="Where coaching stands", url_path="leadership")}
FOR_ADMINS = {
    "People": st.Page(people.show, title="People", url_path="people"),
    "Jobs": st.Page(jobs.show, title="Jobs", url_path="jobs"),
}
"""By what the navigation calls them. A page asks by itself who may see what: it is only not shown to others."""

REVIEW = st.Page(review.show, title="A lesson", url_path="review")
INSIGHTS = st.Page(insights.show, title="Insights", url_path="insights")
CYCLE = st.Page(cycle.show, title="A coaching cycle", url_path="cycle")
PROGRESS = st.Page(progress.show, title="Progress", url_path="progress")
CONFERENCE = st.Page(conference.show, title="Conference", url_path="conference")
CODING = st.Page(coding.show, title="Labelling together", url_path="coding")
CLIPS = st.Page(given_clips.show, title="Clips shared with you", url_path="clips")
NOTIFICATIONS = st.Page(notifications.show, title="Notifications", url_path="notifications")
EXEMPLARS = st.Page(exemplars.show, title="Library of exemplars", url_path="exemplars")
CLASSES = st.Page(classes.show, title="My classes", url_path="classes")
WALKS = st.Page(walks.show, title="Learning walks", url_path="walks")
SURVEYS = st.Page(surveys.show, title="Surveys", url_path="surveys")
"""The way there is from a lesson's card and from the lesson; to the clips, from the library; to labelling together,
from the clips of a lesson and from the codebooks; to what is new, by the bell; to learning walks, and to surveys, from
coaching, from leadership and, to the latter, from people; to one's classes, from the library; to
the library of exemplars, from coaching and a cycle's goal."""

MENU = {**FOR_ALL, **FOR_COLLEAGUES, **FOR_LABELLING, **FOR_LEADERS, **FOR_ADMINS}
BESIDE = (
    REVIEW,
    INSIGHTS,
    CLIPS,
    CODING,
    CYCLE,
    CONFERENCE,
    PROGRESS,
    NOTIFICATIONS,
    WALKS,
    CLASSES,
    EXEMPLARS,
    SURVEYS,
)

page = st.navigation([*MENU.values(), *BESIDE], position="hidden")
st.set_page_config(page_title=f"{page.title} · Second Look", page_icon=MARK, layout="wide")
viewer = session.viewer()
roles = {what for _, what in viewer.memberships}
colleague, admin = not roles.isdisjoint(COLLEAGUES), Membership.ADMIN in roles
mine = FOR_ALL | (FOR_COLLEAGUES if colleague else {}) | (FOR_LABELLING if colleague or admin else {})
mine |= FOR_LEADERS if Membership.LEADER in roles else {}  # to whom it is about, a cycle leads there
frame.header(viewer, mine | (FOR_ADMINS if admin else {}), page)
if begun := st.session_state.pop("to_cycle", ""):
    st.switch_page(CYCLE, query_params={"cycle": begun})
page.run()
