"""The database: tables, the store that implements coaching's doors, and the migrations. Loaded when it is used."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coaching.accounts import Accounts
from coaching.coached import Cycles
from coaching.codebooks import Codebooks
from coaching.consents import Consents
from coaching.covering import Faces
from coaching.errors import BadInput
from coaching.exemplars import Exemplars
from coaching.handouts import Handouts
from coaching.jobs import Jobs
from coaching.leadership import Leadership
from coaching.mailing import Mails
from coaching.notifications import Notifications
from coaching.openings import Openings
from coaching.ports import Lessons, People
from coaching.progress import Progress
from coaching.retention import Retention
from coaching.settings import Settings
from coaching.staff import Staff
from coaching.surveys import Surveys
from coaching.templates import Templates
from coaching.uploads import Tickets, Uploads
from coaching.walks import Walks

if TYPE_CHECKING:
    from models.audit import AuditLog
    from models.lifelines import Lifeline


@dataclass(frozen=True, slots=True)
class Stores:
    """The doors to one database."""

    accounts: Accounts
    people: People
    lessons: Lessons
    jobs: Jobs
    uploads: Uploads
    tickets: Tickets
    staff: Staff
    handouts: Handouts
    notifications: Notifications
    mails: Mails
    cycles: Cycles
    codebooks: Codebooks
    progress: Progress
    templates: Templates
    leadership: Leadership
    openings: Openings
    walks: Walks
    consents: Consents
    retention: Retention
    faces: Faces
    exemplars: Exemplars
    surveys: Surveys


def open(settings: Settings) -> Stores:
    """The stores of the settings' database. Raises BadInput or Unreachable where it cannot be used as it is."""
    # Here, for whoever only prints a command's help.
    from models import (
        accounts,
        codebooks,
        consents,
        covering,
        cycles,
        exemplars,
        handouts,
        jobs,
        leadership,
        lessons,
        mails,
        notifications,
        openings,
        people,
        progress,
        retention,
        staff,
        surveys,
        templates,
        tickets,
        upgrade,
        uploads,
        walks,
    )
    from models.database import Database

    upgrade.check(settings.database)
    database = Database(settings.database, settings.data_dir / "audit")
    return Stores(
        accounts.AccountStore(database),
        people.PeopleStore(database),
        lessons.LessonStore(database),
        jobs.JobStore(database),
        uploads.UploadStore(database),
        tickets.TicketStore(database),
        staff.StaffStore(database),
        handouts.HandoutStore(database),
        notifications.NotificationStore(database),
        mails.MailStore(database),
        cycles.CycleStore(database),
        codebooks.CodebookStore(database),
        progress.ProgressStore(database),
        templates.TemplateStore(database),
        leadership.LeadershipStore(database),
        openings.OpeningStore(database),
        walks.WalkStore(database),
        consents.ConsentStore(database),
        retention.RetentionStore(database),
        covering.FaceStore(database),
        exemplars.ExemplarStore(database),
        surveys.SurveyStore(database),
    )


def audit_log(settings: Settings) -> AuditLog:
    """The audit log, for whoever operates the server. Raises as `open`."""
    from models import audit, upgrade
    from models.database import Database

    upgrade.check(settings.database)
    folder = settings.data_dir / "audit"
    return audit.AuditLog(Database(settings.database, folder), audit.Beside(folder))


def has_queue(settings: Settings) -> bool:
    """Whether the queue has tables: the first worker makes them."""
    from models import remains

    return remains.has_table(queue_url(settings), "workflow_status")


def wipe(settings: Settings) -> None:
    """Have nothing of what was deleted be readable in files of SQLite."""
    from models import remains

    remains.wipe(settings.database, anew=False)  # every connection of ours writes over what it deletes
    remains.wipe(queue_url(settings), anew=True)


def left_of(settings: Settings, ids: Collection[str], words: Collection[str]) -> list[str]:
    """Where any of these `ids` or `words` is left: tables, the queue's too, and files. Of the former ids of recordings,
    receipts have some: in bytes only `words` are looked for."""
    from models import remains

    urls = dict.fromkeys((settings.database, queue_url(settings)))
    found = [place for url in urls for place in remains.in_tables(url, {*ids, *words})]
    return found + list(remains.in_files(settings.data_dir, ids, words))


def lifeline(settings: Settings, worker: str) -> Lifeline:
    """The lock by which others know that this worker lives: a file's on one machine, a session's on PostgreSQL."""
    from models import lifelines
    from models.database import Database

    database = Database(settings.database)
    if database.url.get_backend_name() == "sqlite":
        return lifelines.FileLifeline(settings.data_dir / "workers", worker)
    return lifelines.PostgresLifeline(database.engine, worker)


def queue_url(settings: Settings) -> str:
    """Where the queue keeps its tables: beside ours on PostgreSQL, in a file of its own on SQLite. With a password."""
    from models.database import make_wal, parse

    url = parse(settings.database)
    if url.get_backend_name() == "sqlite":
        file = (settings.data_dir / "jobs.sqlite").absolute()
        try:
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            make_wal(file)
        except (BadInput, OSError):
            raise BadInput(f"{file} cannot be used. Move it away: what waits is put into a new one.") from None
        return f"sqlite:///{file}"
    return url.set(drivername="postgresql").render_as_string(hide_password=False)
