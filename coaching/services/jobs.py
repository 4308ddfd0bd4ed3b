"""What an administrator may do to the work on a lesson of their school: start it again, or stop it."""

from __future__ import annotations

from coaching.access import NotThere
from coaching.jobs import Jobs
from coaching.recordings import RunState, Stage


def retry(jobs: Jobs, viewer: str, run: str) -> tuple[Stage, ...]:
    """Do again what failed or was not done; the stages. Raises NotThere; BadInput where there is nothing to do."""
    _require(jobs, viewer, run)
    return jobs.retry(run)


def stop(jobs: Jobs, viewer: str, run: str) -> RunState:
    """Stop a run that waits or works; the state afterwards. Raises NotThere."""
    _require(jobs, viewer, run)
    return jobs.cancel(run)


def _require(jobs: Jobs, viewer: str, run: str) -> None:
    if [job.run.id for job in jobs.overseen(viewer, id=run).jobs] != [run]:
        raise NotThere
