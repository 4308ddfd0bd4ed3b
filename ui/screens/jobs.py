"""The work on lessons, for administrators: what is stuck, and why; start it again, or stop it. No lesson is shown."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from html import escape

import streamlit as st

from coaching.errors import SecondLookError
from coaching.jobs import Load, WorkerInfo
from coaching.mailing import Post
from coaching.oversight import OPEN, SILENT_S, Kind, Overseen, Overview, how_long, why
from coaching.people import Membership, Person
from coaching.recordings import MOST_TRIES, Queue, RunState, StageState, standing
from coaching.services.jobs import retry, stop
from ui import session
from ui.screens import opening
from ui.screens.cards import WORDS
from ui.screens.frame import initials, not_for_you
from ui.screens.shared import called

A_PAGE = 25
EVERY_S = 3.0
"""How often the page asks anew."""

ALL = "All"
DOES = {Queue.GPU: "Voices and words", Queue.CPU: "Files and pictures"}
"""What each queue's stages do."""

CLOSED = (
    '<section class="sl-aside"><h2>Lessons stay closed</h2><p>You see that the work goes on, not what it is about. '
    "What a lesson is called, its video and its words are its teacher’s. Give them its number if you need to talk "
    "about it. Where the school must look inside, you can open one for an hour, with a reason that the teacher "
    "reads.</p></section>"
)


def show() -> None:
    if not any(what is Membership.ADMIN for _, what in session.viewer().memberships):
        not_for_you()
        return
    st.fragment(_jobs, run_every=EVERY_S)()


def _jobs() -> None:
    viewer, jobs = session.viewer(), session.stores().jobs
    chosen, page = st.session_state.get("job_kind", ALL), st.session_state.get("job_page", 0)
    asked = {"kind": None if chosen == ALL else chosen, "id": st.session_state.get("job_id", "").strip()}
    overview = jobs.overseen(viewer.id, **asked, skip=page * A_PAGE, limit=A_PAGE)
    if page and not overview.jobs:  # what was there has gone
        st.session_state["job_page"] = page = (overview.found - 1) // A_PAGE if overview.found else 0
        overview = jobs.overseen(viewer.id, **asked, skip=page * A_PAGE, limit=A_PAGE)
    workers = jobs.workers()
    st.html(f'<h1 class="sl-h1">Jobs</h1><p class="sl-lead">{_summary(overview.counts)}</p>')
    with st.container(key="sl-jobs"):
        with st.container(key="sl-jobs-main"):
            _filters(overview, chosen)
            held = opening.held(viewer)
            if said := st.session_state.get("job_said"):
                st.html(f'<p class="sl-note" role="status">{escape(said)}</p>')
            _table(overview.jobs, {w.id: w for w in workers}, viewer, held)
            _pages(page, overview.found)
        with st.container(key="sl-jobs-aside"):
            load = jobs.load()
            st.html(_workers(workers) + _load(load) + _post(load.post) + CLOSED)


def _filters(overview: Overview, chosen: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="sl-filters"):
        every = sum(overview.counts.values())
        st.pills(
            "Show",
            [ALL, *(kind for kind in Kind if overview.counts.get(kind) or kind == chosen)],
            default=ALL,
            required=True,
            key="job_kind",
            format_func=lambda k: f"{k} {every if k == ALL else overview.counts.get(k, 0)}",
            label_visibility="collapsed",
            on_change=_first_page,
        )
        st.text_input(
            "Find a lesson’s number",
            key="job_id",
            placeholder="Find a lesson’s number",
            label_visibility="collapsed",
            on_change=_first_page,
        )


def _first_page() -> None:
    st.session_state["job_page"] = 0


def _table(jobs: Sequence[Overseen], workers: Mapping[str, WorkerInfo], viewer: Person, held: Collection[str]) -> None:
    if not jobs:
        st.html('<p class="sl-note" role="status">There is no job like that.</p>')
        return
    titles = "".join(
        f"<span>{title}</span>" for title in ("Whose lesson", "Where it stands", "Since", "Tried", "Worker")
    )
    with st.container(key="sl-jobs-table"):
        st.html(f'<div class="sl-jobhead" aria-hidden="true">{titles}</div>')
        for job in jobs:
            _row(job, workers.get(job.worker or ""), viewer, held)


def _row(job: Overseen, worker: WorkerInfo | None, viewer: Person, held: Collection[str]) -> None:
    run = job.run.id
    asks = st.session_state.get("job_stop") == run and job.kind in OPEN
    opens = st.session_state.get("job_open") == run
    with st.container(key=f"sl-job-{'asks-' if asks or opens else ''}{run}"):
        st.html(_cells(job, worker))
        if opens:
            opening.ask(viewer, job.run.recording, called(job.owner), "job_open", "job_said")
        elif asks:
            _ask_to_stop(job, viewer)
        elif job.kind in OPEN:
            if st.button("Stop", key=f"stop-{run}"):
                st.session_state["job_stop"] = run
                st.rerun(scope="fragment")
        elif job.kind is not Kind.READY:
            if st.button("Retry", key=f"retry-job-{run}"):
                _act(job, viewer, again=True)
        elif job.owner.id != viewer.id and job.run.recording not in held and st.button("Open …", key=f"open-{run}"):
            st.session_state["job_open"] = run
            st.rerun(scope="fragment")


def _ask_to_stop(job: Overseen, viewer: Person) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"sl-ask-{job.run.id}"):
        st.html(
            "<p><b>Stop the work on this lesson?</b> The recording is safe, and what is done stays. Retry goes on from "
            "there.</p>"
        )
        if st.button("Stop it", key=f"yes-{job.run.id}", type="primary"):
            _act(job, viewer, again=False)
        if st.button("Let it go on", key=f"no-{job.run.id}"):
            st.session_state["job_stop"] = None
            st.rerun(scope="fragment")


def _act(job: Overseen, viewer: Person, *, again: bool) -> None:
    """Do it, and say at the next look what became of it."""
    jobs, number = session.stores().jobs, _number(job)
    try:
        if again:
            stages = retry(jobs, viewer.id, job.run.id)
            said = (
                f"Lesson {number} waits again, for {len(stages)} of {len(job.run.stages)} stages. What is done stays."
            )
        else:
            stop(jobs, viewer.id, job.run.id)
            said = f"Lesson {number} is stopped. The recording is safe, and what is done stays."
    except SecondLookError as error:
        said = str(error)
    st.session_state["job_said"], st.session_state["job_stop"] = said, None
    st.rerun(scope="fragment")


def _pages(page: int, found: int) -> None:
    last = max(0, (found - 1) // A_PAGE)
    if not last:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="sl-pages"):
        for label, to in (("Previous", page - 1), ("Next", page + 1)):
            if st.button(label, key=f"page-{label}", disabled=not 0 <= to <= last):
                st.session_state["job_page"] = to
                st.rerun(scope="fragment")
        first = page * A_PAGE + 1
        st.html(f'<p class="sl-meta">{first}–{min(found, first + A_PAGE - 1)} of {found}</p>')


def _number(job: Overseen) -> str:
    """How people call a lesson that has no name here: the beginning of its id."""
    return job.run.recording[:8]


def _summary(counts: Mapping[Kind, int]) -> str:
    """`2 need a hand, 1 is at work, 4 wait.`"""
    told = (
        (counts.get(Kind.STUCK, 0) + counts.get(Kind.FAILED, 0), "needs a hand", "need a hand"),
        (counts.get(Kind.AT_WORK, 0), "is at work", "are at work"),
        (counts.get(Kind.WAITING, 0), "waits", "wait"),
    )
    said = ", ".join(f"{n} {one if n == 1 else many}" for n, one, many in told if n)
    return f"{said}." if said else "Nothing waits, and nothing needs a hand."


def _cells(job: Overseen, worker: WorkerInfo | None) -> str:
    tries = max((s.tries for s in job.run.stages if s.state is not StageState.DONE), default=0)
    cells = {
        "Since": how_long(job.since_s) + ("" if job.kind in OPEN else " ago"),
        "Tried": _times(job.run.attempt) + (f"<small>this stage {tries} of {MOST_TRIES}</small>" if tries > 1 else ""),
    }
    if worker is not None:
        cells["Worker"] = f"{escape(worker.host)}<small>process {worker.pid}</small>"
    return (
        '<article class="sl-job"><div class="sl-whose">'
        f'<i class="av" aria-hidden="true">{escape(initials(job.owner))}</i>'
        f"<div><h2>{escape(job.owner.name or job.owner.email)}</h2>"
        f"<small>{escape(', '.join(job.schools))} · lesson {_number(job)}</small></div></div><div>{_state(job)}</div>"
        + "".join(f'<div><b class="sl-lab">{name}</b>{cell}</div>' for name, cell in cells.items())
        + "</article>"
    )


def _state(job: Overseen) -> str:
    """The kind; how far what is at work is; what is wrong."""
    at = standing(job.run)
    reason = f"<p>{escape(why(job))}</p>" if why(job) else ""
    if job.kind is Kind.AT_WORK and at.state is RunState.READY:
        return "<b>Making video and pictures</b><p>The lesson is ready.</p>"
    if job.kind is Kind.AT_WORK:
        doing = WORDS.get(at.stage, "Working") if at.stage else "Working"
        return (
            f'<div class="sl-row"><b>{doing}</b><span>{at.percent:.0f}%</span></div><div class="sl-bar" '
            f'role="progressbar" aria-valuemin="0" aria-valuemax="100" aria-valuenow="{at.percent:.0f}" '
            f'aria-label="{doing}"><i style="width:{at.percent:.0f}%"></i></div>'
        )
    if job.kind in (Kind.STUCK, Kind.FAILED):
        part = " in part" if at.state is RunState.READY else ""
        return f'<span class="pill attn"><i class="sl-i sl-warn"></i>{job.kind}{part}</span>{reason}'
    return f'<span class="pill">{job.kind}</span>{reason}'


def _times(attempt: int) -> str:
    return {1: "once", 2: "twice"}.get(attempt, f"{attempt} times")


def _workers(workers: Sequence[WorkerInfo]) -> str:
    if not workers:
        return (
            '<section class="sl-aside"><h2>Workers</h2><p class="sl-attn"><b><i class="sl-i sl-warn"></i>None runs</b>'
            "What waits does not begin. Start one on the server: secondlook worker</p></section>"
        )
    rows = "".join(
        f'<li class="{"" if w.idle_s < SILENT_S else "silent"}"><b>{escape(w.host)}, process {w.pid}</b>'
        f"{' and '.join(DOES[Queue(q)] for q in sorted(w.queues, reverse=True)).capitalize()}<br>"
        f"{'Sign of life' if w.idle_s < SILENT_S else 'Last sign of life'} {how_long(w.idle_s)} ago</li>"
        for w in workers
    )
    return f'<section class="sl-aside"><h2>Workers</h2><ul>{rows}</ul></section>'


def _post(post: Post) -> str:
    """What becomes of e-mails, on a server that sends any."""
    if session.settings().smtp is None:
        return ""
    counts = f"{post.waiting or 'None'} waiting, {post.given_up or 'none'} given up within a week."
    if post.reason is None:
        return f'<section class="sl-aside"><h2>E-mails</h2><p>{counts}</p></section>'
    return (
        '<section class="sl-aside"><h2>E-mails</h2><p class="sl-attn"><b><i class="sl-i sl-warn"></i>Not all go</b>'
        f"{escape(post.reason)} {counts}</p></section>"
    )


def _load(load: Load) -> str:
    """What there is to do on the whole server, whoever it is for."""
    rows = "".join(
        f'<tr><th scope="row">{name}</th>'
        f"<td>{load.stages.get((queue, 'running'), 0)}</td><td>{load.stages.get((queue, 'waiting'), 0)}</td></tr>"
        for queue, name in DOES.items()
    )
    oldest = f"<p>What waits longest has waited {how_long(load.oldest_waiting_s)}.</p>" if load.oldest_waiting_s else ""
    return (
        '<section class="sl-aside"><h2>The whole server</h2><table><thead><tr><th scope="col">Stages</th>'
        f'<th scope="col">At work</th><th scope="col">Waiting</th></tr></thead><tbody>{rows}</tbody></table>'
        f"{oldest}</section>"
    )
