"""`secondlook jobs`: where every recording stands, for whoever operates the server; states, and no lesson."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from coaching.errors import BadInput, one_line
from coaching.recordings import Stage, StageState, standing
from coaching.settings import load_settings
from pipelines.commands import options
from pipelines.console import STAGES, time_left

if TYPE_CHECKING:
    from coaching.jobs import Job
    from models import Stores


def add(commands: Any) -> None:
    """Add the command to the parser's `commands`."""
    p = commands.add_parser("jobs", help="where every recording stands; retry, cancel, analyse again")
    actions = p.add_subparsers(title="actions", required=True, metavar="ACTION")

    def action(name: str, run: Any, text: str, *, of: str | None = "ID") -> argparse.ArgumentParser:
        a: argparse.ArgumentParser = actions.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
        if of:
            a.add_argument("id", metavar=of, help="a recording's or a run's id, or how it begins")
        a.add_argument("--json", action="store_true", help="for programs")
        a.set_defaults(run=run)
        return a

    action("list", list_, "one line a recording: its current run", of=None)
    action("show", show, "one run, stage by stage")
    retry_ = action("retry", retry, "do again what failed or was not done; what is done stays")
    retry_.add_argument(
        "--stage",
        action="append",
        default=[],
        choices=[str(s) for s in Stage],
        help="do this stage again although it is done, and what reads it; may be given several times",
    )
    action("cancel", cancel, "stop a run; what is done stays, and retry goes on from there")
    again_ = action("again", again, "a new run beside the old one, with its options unless said otherwise")
    options.add(again_)
    action("runs", runs, "every run of a recording")
    action("use", use, "show this run of its recording from now on", of="RUN")
    action("forget", forget, "delete a run that is not shown, with its files", of="RUN")


def list_(arguments: argparse.Namespace, _console: object) -> int:
    jobs = _stores().jobs.all()
    if arguments.json:
        print(json.dumps([as_json(job) for job in jobs]))
    elif jobs:
        _table(jobs)
    else:
        print("Nothing was imported or uploaded yet. Begin with: secondlook import FOLDER --teacher EMAIL")
    return 0


def show(arguments: argparse.Namespace, _console: object) -> int:
    job = _stores().jobs.one(arguments.id)
    stages = [
        {
            "stage": str(s.stage),
            "state": str(s.state),
            "percent": round(100 * s.share, 1),
            "seconds": round(s.seconds, 1),
            "tries": s.tries,
            "reason": s.reason,
        }
        for s in job.run.stages
    ]
    notes = _notes(job)
    if arguments.json:
        print(json.dumps({**as_json(job), "stages": stages, "notes": notes}))
        return 0
    where = standing(job.run)
    left = f", {time_left(where.seconds_left)} left" if where.seconds_left else ""
    print(f"{one_line(job.name)}: {where.state}{left}")
    if where.reason:
        print(one_line(where.reason))
    print(f"recording {job.recording}, run {job.run.id} (number {job.run.number})")
    for s in job.run.stages:
        how = f"{100 * s.share:.0f}%" if s.state is StageState.RUNNING else ""
        took = f"{s.seconds:.1f} s" if s.seconds else ""
        print(f"  {s.stage:<9} {s.state:<8} {how:>4} {took:>9}  {one_line(s.reason or '')}".rstrip())
    for note in notes:
        print(f"Note: {note}")
    return 0


def _notes(job: Job) -> list[str]:
    """What whoever chose the poster noticed of the picture: a covered lens, a dark room, a camera on its side."""
    poster = next((s.artefact for s in job.run.stages if s.stage is Stage.POSTER and s.artefact), None)
    if poster is None:
        return []
    with suppress(OSError, ValueError, KeyError):
        found = json.loads((load_settings().data_dir / poster / "poster.json").read_text(encoding="utf-8"))
        return [str(w) for w in found["warnings"]]
    return []


def retry(arguments: argparse.Namespace, _console: object) -> int:
    jobs = _stores().jobs
    job = jobs.one(arguments.id)
    again_ = jobs.retry(job.run.id, [Stage(s) for s in arguments.stage])
    return _said(arguments, jobs.one(job.run.id), "Waiting again, for: " + ", ".join(again_) + ".")


def cancel(arguments: argparse.Namespace, _console: object) -> int:
    jobs = _stores().jobs
    job = jobs.one(arguments.id)
    state = jobs.cancel(job.run.id)
    return _said(arguments, jobs.one(job.run.id), f"{one_line(job.name)}: {state}.")


def again(arguments: argparse.Namespace, _console: object) -> int:
    stores = _stores()
    job = stores.jobs.one(arguments.id)
    run = stores.lessons.reprocess(job.owner, job.recording, {**job.run.options, **options.kept(arguments)})
    return _said(arguments, stores.jobs.one(run.id), f"Run {run.number} of {one_line(job.name)} waits: {run.id}")


def runs(arguments: argparse.Namespace, _console: object) -> int:
    stores = _stores()
    job = stores.jobs.one(arguments.id)
    found = stores.lessons.runs(job.owner, job.recording)
    if arguments.json:
        print(json.dumps([{"id": r.id, "number": r.number, "state": str(r.state), "shown": r.current} for r in found]))
    for r in () if arguments.json else found:
        print(f"{r.number:>3}  {r.id}  {r.state}{'  (shown)' if r.current else ''}")
    return 0


def use(arguments: argparse.Namespace, _console: object) -> int:
    stores = _stores()
    job = _run(stores, arguments.id)
    stores.lessons.show(job.owner, job.run.id)
    return _said(arguments, stores.jobs.one(job.run.id), f"Run {job.run.number} of {one_line(job.name)} is shown.")


def forget(arguments: argparse.Namespace, _console: object) -> int:
    import shutil

    stores, settings = _stores(), load_settings()
    job = _run(stores, arguments.id)
    for folder in stores.lessons.delete_run(job.owner, job.run.id):
        path = settings.data_dir / folder
        try:
            if path.exists():
                shutil.rmtree(path)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise BadInput(f"The run is forgotten, but {path} could not be deleted: {reason}. Delete it.") from None
    said = f"Run {job.run.number} of {one_line(job.name)} is deleted."
    print(json.dumps({"id": job.run.id, "recording": job.recording, "deleted": True}) if arguments.json else said)
    return 0


def _run(stores: Stores, id: str) -> Job:
    """The job of this run. Raises BadInput for a recording's id, which could mean any of its runs."""
    job = stores.jobs.one(id)
    if not job.run.id.startswith(id):
        raise BadInput(f"{id} is a recording. Name one of its runs: secondlook jobs runs {id}")
    return job


def as_json(job: Job) -> dict[str, Any]:
    """A job as programs read it."""
    where = standing(job.run)
    return {
        "id": job.run.id,
        "recording": job.recording,
        "state": str(where.state),
        "stage": where.stage and str(where.stage),
        "percent": where.percent,
        "reason": where.reason,
    }


def _said(arguments: argparse.Namespace, job: Job, sentence: str) -> int:
    print(json.dumps(as_json(job)) if arguments.json else sentence)
    return 0


def _table(jobs: Sequence[Job]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="dim")
    for title in ("recording", "name", "state", "", "left", ""):
        table.add_column(title, no_wrap=title in ("recording", "state"), overflow="fold")
    for job in jobs:
        where = standing(job.run)
        doing = STAGES[str(where.stage)] if where.stage and str(where.state) == "running" else ""
        missing = "missing: " + ", ".join(s.stage for s in job.run.missing) if job.run.missing else ""
        done = f"{where.percent:.0f}%" if str(where.state) in ("running", "waiting") else ""
        left = time_left(where.seconds_left) if where.seconds_left else ""
        why = one_line(where.reason or "") or (missing if str(where.state) == "ready" else "")
        cells = (job.recording[:8], one_line(job.name), str(where.state), f"{done} {doing}".strip(), left, why)
        table.add_row(*map(Text, cells))
    Console(highlight=False).print(table)


def _stores() -> Stores:
    import models  # loads SQLAlchemy: not for --help

    return models.open(load_settings())
