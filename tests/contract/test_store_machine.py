"""Random steps of workers, engine and operators on one recording: what must hold holds after each."""

from __future__ import annotations

import pytest
from databases import KINDS, fresh_database
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from lessons import lesson
from stores import school

from coaching.errors import BadInput
from coaching.jobs import WorkerInfo
from coaching.recordings import MOST_TRIES, RunState, Stage, StageState

WORKERS = ("worker-1", "worker-2")
STAGES = (Stage.SOUND, Stage.SPEAKERS, Stage.MEASURES, Stage.WEB)
EXAMPLES = {"sqlite": 40, "postgresql": 10}


def machine(there):
    class Recording(RuleBasedStateMachine):
        claims = Bundle("claims")

        def __init__(self):
            super().__init__()
            self.recording = there.bring(f"lesson {len(there.jobs.all())}")
            self.standing = set()
            for worker in WORKERS:
                there.jobs.sign_on(WorkerInfo(worker, "here", 1, (), 0.0))

        @property
        def runs(self):
            return there.lessons.runs(there.owner, self.recording)

        @rule(pick=st.integers(0, 3), back=st.integers(0, 1))
        def begin(self, pick, back):
            run = self.runs[pick % len(self.runs)]
            work = there.jobs.begin(run.id, run.attempt - back)
            assert work is None or not back

        @rule(target=claims, pick=st.integers(0, 3), stage=st.sampled_from(STAGES), worker=st.sampled_from(WORKERS))
        def claim(self, pick, stage, worker):
            run = self.runs[pick % len(self.runs)]
            outcome = there.jobs.claim(run.id, run.attempt, stage, worker)
            return multiple() if outcome.claim is None else outcome.claim

        @rule(claim=claims)
        def report(self, claim):
            if there.jobs.report(claim, 0.5):
                status = next(r for r in self.runs if r.id == claim.run).stage(claim.stage)
                assert (status.state, status.share) == (StageState.RUNNING, 0.5)

        @rule(claim=consumes(claims))
        def finish(self, claim):
            at_work = there.jobs.report(claim, 0.9)
            found = lesson() if claim.stage is Stage.MEASURES else None
            assert there.jobs.finish(claim, "a/x", found) >= at_work
            if found and at_work:
                self.standing.add(claim.run)

        @rule(claim=consumes(claims), again=st.booleans())
        def fail(self, claim, again):
            there.jobs.fail(claim, "Broken", "It broke.", again=again)

        @rule(claim=consumes(claims))
        def release(self, claim):
            there.jobs.release(claim)
            assert not there.jobs.report(claim, 0.5)

        @rule(pick=st.integers(0, 3))
        def cancel(self, pick):
            run = self.runs[pick % len(self.runs)]
            there.jobs.cancel(run.id)
            assert there.jobs.begin(run.id, run.attempt) is None

        @rule(pick=st.integers(0, 3), stages=st.lists(st.sampled_from(STAGES), max_size=1))
        def retry(self, pick, stages):
            run = self.runs[pick % len(self.runs)]
            try:
                again = there.jobs.retry(run.id, stages)
            except BadInput:
                return
            assert set(again) >= set(stages)
            assert (run.id, run.attempt + 1) in [(r, a) for r, a, _ in there.jobs.waiting(1000)]

        @rule(pick=st.integers(0, 3), wait=st.sampled_from([None, 0.0]))
        def settle(self, pick, wait):
            run = self.runs[pick % len(self.runs)]
            there.jobs.settle(run.id, run.attempt, wait)

        @rule(pick=st.integers(0, 3))
        def again(self, pick):
            run = self.runs[pick % len(self.runs)]
            there.jobs.again(run.id, run.attempt)

        @rule(worker=st.sampled_from(WORKERS))
        def bury(self, worker):
            there.jobs.bury(worker)
            there.jobs.sign_on(WorkerInfo(worker, "here", 1, (), 0.0))

        @rule()
        def reprocess(self):
            if len(self.runs) < 3:
                try:
                    there.lessons.reprocess(there.owner, self.recording)
                except BadInput:
                    return

        @invariant()
        def never_two_runs_at_a_time(self):
            held = [(r.id, s) for r in self.runs for s in r.stages if s.state is StageState.RUNNING]
            assert len({run for run, _ in held}) <= 1
            assert all(s.tries <= MOST_TRIES for _, s in held)

        @invariant()
        def one_run_is_shown_and_what_stands_stays(self):
            assert [r.current for r in self.runs].count(True) == 1
            for run in self.runs:
                if run.state is RunState.READY or run.id in self.standing:
                    assert there.lessons.machine(there.owner, run.id) == lesson()
                if run.id in self.standing:
                    assert run.state not in (RunState.FAILED, RunState.CANCELLED)
                if run.state is RunState.FAILED:
                    assert run.reason

    return Recording


@pytest.mark.parametrize("kind", KINDS)
def test_what_must_hold_holds_after_any_steps(kind):
    there = school(fresh_database(kind))
    several = settings(
        max_examples=EXAMPLES[kind],
        stateful_step_count=30,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
        derandomize=True,
    )
    run_state_machine_as_test(lambda: machine(there)(), settings=several)
    there.database.close()
