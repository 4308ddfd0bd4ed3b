"""The work that there is, as figures for Prometheus: what a worker and the web server both tell. Counts, no lesson."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from coaching.jobs import Load


@dataclass(frozen=True, slots=True)
class Figure:
    """One gauge: its name, its help, the names of its labels, and (values of the labels, number) each."""

    name: str
    help: str
    labels: tuple[str, ...] = ()
    samples: tuple[tuple[tuple[str, ...], float], ...] = ()


def of_load(load: Load | None) -> Iterator[Figure]:
    """`load` as figures; None where the database does not answer, which is a figure too."""
    yield _alone("secondlook_database_reachable", "1 while the database answers", float(load is not None))
    if load is None:
        return
    yield Figure("secondlook_stages", "Stages by queue and state", ("queue", "state"), _sorted(load.stages))
    for name, help, counts in (
        ("secondlook_runs", "Runs by state", load.runs),
        ("secondlook_lessons", "Lessons by the state that people are told", load.lessons),
    ):
        yield Figure(name, help, ("state",), tuple(((state,), count) for state, count in sorted(counts.items())))
    failures = _sorted(load.failures)
    yield Figure("secondlook_failed", "Stages that stand failed now, by reason", ("stage", "reason"), failures)
    mails = ((("given up",), load.post.given_up), (("waiting",), load.post.waiting))
    yield Figure("secondlook_mails", "E-mails that wait, or were given up within a week", ("state",), mails)
    yield _alone("secondlook_oldest_waiting_seconds", "Age of the oldest waiting lesson", load.oldest_waiting_s)


def _alone(name: str, help: str, value: float) -> Figure:
    return Figure(name, help, samples=(((), value),))


def _sorted(counts: Mapping[tuple[str, str], int]) -> tuple[tuple[tuple[str, ...], float], ...]:
    return tuple(sorted(counts.items()))
