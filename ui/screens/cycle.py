"""One coaching cycle, for its teacher and its partner: where it is, what comes next, and what they wrote."""

from __future__ import annotations

from html import escape

import streamlit as st

from coaching.access import NotThere
from coaching.coached import Look, Whole
from coaching.cycles import Cycle, Planned, Stage, Step, days_in, decide
from coaching.people import Person
from coaching.recordings import is_id
from coaching.services.cycles import name_of
from ui import session
from ui.screens import cycle_dialogs, cycle_parts
from ui.screens.coaching import day, due, with_whom
from ui.screens.frame import done


def show() -> None:
    viewer = session.viewer()
    whole = found(viewer)
    if whole is None:
        return
    cycle, cadence = whole.cycle, whole.school.cadence
    who = "Only you" if cycle.alone else f"{cycle.teacher_called} and {cycle.partner_called} only"
    lock = "sl-lock" if cycle.alone else "sl-people"
    st.html(
        f'<p class="sl-crumb"><a href="/coaching">Coaching</a></p><div class="sl-cycle-head"><div>'
        f'<h1 class="sl-h1">{escape(cycle.name)}</h1><p class="sl-lead">{escape(with_whom(cycle, viewer))} · since '
        f"{day(cadence.day(cycle.began))}</p></div><p>{due(cycle, cadence, cadence.day(session.now()))} "
        f'<span class="pill ok"><i class="sl-i {lock}"></i>{escape(who)}</span></p>'
        f"</div>{_steps(whole)}"
    )
    _next(viewer, whole)
    left, right = st.columns([0.68, 0.32], gap="large")
    with left:
        cycle_parts.lessons(viewer, whole)
        if not cycle.alone:
            cycle_parts.agenda(viewer, whole)
        cycle_parts.notes(viewer, whole)
        cycle_parts.evidence(viewer, whole)
    with right:
        cycle_parts.goal(viewer, whole)
        cycle_parts.action_step(viewer, whole)
        cycle_parts.files(whole)
        st.html(
            '<p class="sl-note"><b>What leaders of the school see:</b> '
            + (
                "nothing of it."
                if cycle.alone
                else "the stage and its days. No video, no notes, no goal, no numbers. "
                '<a class="sl-lk" href="/leadership">The same as they see</a>'
            )
            + "</p>"
        )


def found(viewer: Person) -> Whole | None:
    """The cycle that the address names; None after saying that there is none."""
    id = st.query_params.get("cycle", "")
    try:
        return session.stores().cycles.cycle(viewer.id, id if is_id(id) else "")
    except NotThere:
        st.html(
            '<div class="sl-empty"><h1>There is no such cycle here</h1><p>It is somebody else’s, or it was deleted.</p>'
            '<p><a href="/coaching">Your cycles</a></p></div>'
        )
        return None


def _steps(whole: Whole) -> str:
    """The stages, with when the cycle came to each last, and for how long it was there."""
    cycle, cadence = whole.cycle, whole.school.cadence
    resumed = (move for move in whole.moves if move.stage and move.step is not Step.RESUME)
    came = {move.stage: cadence.day(move.made) for move in resumed}
    spent = days_in(cycle, whole.moves, session.now())

    def one(n: int, planned: Planned) -> str:
        here, past = n == cycle.here and not cycle.closed, n < cycle.here or cycle.closed is not None
        kind = "n" if here else "d" if past and planned.stage in came else ""
        when = f"<small>{day(came[planned.stage])}</small>" if planned.stage in came and n <= cycle.here else ""
        days = round(spent.get(planned.stage, 0.0))
        title = f' title="{days} days"' if days > 1 else ""
        now = ' aria-current="step"' if here else ""
        tick = '<i class="sl-i sl-tick"></i>' if kind == "d" else ""
        return f'<li class="{kind}"{now}{title}>{tick}{escape(planned.called)}{when}</li>'

    stages = "".join(one(n, planned) for n, planned in enumerate(cycle.plan))
    many = len(cycle.plan)
    return (
        f'<ol class="sl-steps" style="--many:{many}" aria-label="Stages">{stages}</ol><p class="sl-stage-of">Stage '
        f"{cycle.here + 1} of {many}: <b>{escape(cycle.plan[cycle.here].called)}</b></p>"
    )


WHAT: dict[Stage, str] = {
    Stage.GOAL: "Say what should be different for students, and what you will look for.",
    Stage.RECORD: "Choose the lesson that this is about. It stays visible only to its teacher.",
    Stage.REFLECT: "The teacher looks first, alone: comments in the lesson, and a few questions to think about.",
    Stage.SHARE: "The teacher lets the other see the lesson, all of it or clips.",
    Stage.NOTES: "The other looks, and leaves comments at the moments worth talking about.",
    Stage.CONFERENCE: "Choose the moments, meet, and look at them together.",
    Stage.ACTION_STEP: "Agree on one thing to try, and when you look back on it.",
    Stage.FOLLOW_UP: "Take a second look: another lesson, or what became of the step.",
}


def _next(viewer: Person, whole: Whole) -> None:
    """What is to be done at this stage, and moving on: never a button that does nothing without saying why."""
    cycle, store = whole.cycle, session.stores().cycles
    on, skip, back, stop, reopen, pause, resume = (decide(cycle, step, viewer.id, whole.facts) for step in Step)
    with st.container(key="sl-next", horizontal=True, vertical_alignment="center"):
        if cycle.closed is not None:
            st.html("<p><b>This cycle is over.</b></p>")
        elif cycle.paused is not None:
            st.html(f"<p><b>{_rests(whole)}</b><span>It waits for nobody, and no day is overdue.</span></p>")
        else:
            why = "" if on.allowed else f"<span>{escape(on.why)}</span>"
            st.html(f"<p><b>{WHAT[cycle.stage]}</b>{why}</p>")
        with st.container(horizontal=True, key="sl-next-do"):
            if cycle.paused is None:
                _now(viewer, whole)
            wanted = None
            if resume.allowed and st.button("Go on", type="primary"):
                wanted = Step.RESUME
            if on.allowed and st.button(_onward(cycle), type="primary"):
                wanted = Step.ON
            if skip.allowed and not on.allowed and st.button("Skip this"):
                wanted = Step.SKIP
            if back.allowed and st.button("Back"):
                wanted = Step.BACK
            if pause.allowed and st.button("Pause", type="tertiary"):
                cycle_dialogs.pause(viewer, whole)
            if stop.allowed and st.button("End it here", type="tertiary"):
                wanted = Step.STOP
            if reopen.allowed and st.button("Open it again"):
                wanted = Step.REOPEN
            if cycle.closed is not None and cycle.kind == "peer" and st.button("Change places", type="primary"):
                st.session_state["to_cycle"] = store.turn_over(viewer.id, cycle.id)
                st.rerun()
            if wanted is not None and done(lambda: store.move(viewer.id, cycle.id, wanted)):
                st.rerun()


def _rests(whole: Whole) -> str:
    cycle, cadence = whole.cycle, whole.school.cadence
    assert cycle.paused is not None  # noqa: S101 - whoever asks has looked
    until = f", until {day(cycle.goes_on)}" if cycle.goes_on else ""
    return f"Paused since {day(cadence.day(cycle.paused))}{until}."


def _onward(cycle: Cycle) -> str:
    if cycle.here == len(cycle.plan) - 1:
        return "Close the cycle"
    return f"On to: {cycle.plan[cycle.here + 1].called}"


def _now(viewer: Person, whole: Whole) -> None:
    """What this stage asks of whoever looks, where it is not there yet."""
    cycle, facts, teacher = whole.cycle, whole.facts, viewer.id == whole.cycle.teacher
    first = next((one.recording for one in whole.lessons if one.look is Look.FIRST), None)
    if cycle.closed is not None:
        return
    if cycle.stage is Stage.GOAL and not facts.goal and st.button("Write the goal", type="primary"):
        cycle_dialogs.goal(viewer, whole)
    if cycle.stage is Stage.RECORD and teacher and not facts.lesson and st.button("Choose a lesson", type="primary"):
        cycle_dialogs.lesson(viewer, whole, Look.FIRST)
    if cycle.stage is Stage.REFLECT and teacher:
        if first and not facts.own_comment:
            st.html(f'<a class="btn" href="/review?recording={first}">Look at the lesson</a>', width="content")
        if not facts.reflected and st.button("Write your reflection", type="primary"):
            cycle_dialogs.reflection(viewer, whole)
    if cycle.stage is Stage.SHARE and teacher and first and not facts.shared:
        st.html(f'<a class="btn primary" href="/review?recording={first}">Share the lesson</a>', width="content")
    if cycle.stage is Stage.NOTES and not teacher and first and name_of(session.stores().lessons, viewer.id, first):
        st.html(f'<a class="btn" href="/review?recording={first}">Look at the lesson</a>', width="content")
        if st.button("Write notes"):
            cycle_dialogs.notes(viewer, whole)
    if cycle.stage is Stage.CONFERENCE and not facts.met and st.button("We met", type="primary"):
        session.stores().cycles.met(viewer.id, cycle.id)
        st.rerun()
    if cycle.stage is Stage.ACTION_STEP and not facts.agreed:
        if whole.action_step is None and st.button("Write the action step", type="primary"):
            cycle_dialogs.action_step(viewer, whole)
        if whole.action_step and viewer.id not in whole.action_step.agreed and st.button("I agree", type="primary"):
            session.stores().cycles.agree(viewer.id, cycle.id)
            st.rerun()
    if cycle.stage is Stage.FOLLOW_UP and teacher and not facts.looked_again:
        if st.button("Choose the next lesson", type="primary"):
            cycle_dialogs.lesson(viewer, whole, Look.AGAIN)
        if st.button("Say what became of it"):
            cycle_dialogs.outcome(viewer, whole)
