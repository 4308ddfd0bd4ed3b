"""A school for tests of the store: who owns the lesson, and those who must not see it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from uuid import uuid4

from databases import folder
from lessons import lesson
from sqlalchemy import update

from coaching.jobs import Claim, WorkerInfo
from coaching.lesson import Lesson
from coaching.people import Membership
from coaching.ports import NewRecording, SourceFile
from coaching.recordings import Priority, Stage, StageState, new_id
from models.accounts import AccountStore
from models.codebooks import CodebookStore
from models.consents import ConsentStore
from models.covering import FaceStore
from models.cycles import CycleStore
from models.database import Database
from models.exemplars import ExemplarStore
from models.handouts import HandoutStore
from models.jobs import JobStore
from models.leadership import LeadershipStore
from models.lessons import LessonStore
from models.mails import MailStore
from models.notifications import NotificationStore
from models.openings import OpeningStore
from models.people import PeopleStore
from models.progress import ProgressStore
from models.retention import RetentionStore
from models.staff import StaffStore
from models.surveys import SurveyStore
from models.templates import TemplateStore
from models.tickets import TicketStore
from models.uploads import UploadStore
from models.walks import WalkStore

OTHERS = ("colleague", "coach", "leader", "admin", "stranger")
"""Everybody of the cast but the owner."""


@dataclass
class School:
    """One database, its doors, and the cast: ids by what they are."""

    url: str
    accounts: AccountStore
    people: PeopleStore
    lessons: LessonStore
    jobs: JobStore
    uploads: UploadStore
    tickets: TicketStore
    staff: StaffStore
    handouts: HandoutStore
    notifications: NotificationStore
    mails: MailStore
    cycles: CycleStore
    codebooks: CodebookStore
    progress: ProgressStore
    templates: TemplateStore
    leadership: LeadershipStore
    openings: OpeningStore
    walks: WalkStore
    consents: ConsentStore
    retention: RetentionStore
    faces: FaceStore
    exemplars: ExemplarStore
    surveys: SurveyStore
    database: Database
    cast: dict[str, str] = field(default_factory=dict)

    @property
    def owner(self) -> str:
        return self.cast["owner"]

    def bring(self, name: str = "fractions", priority: Priority = Priority.SOON, owner: str = "owner") -> str:
        """A recording of one file, waiting; its id."""
        sha256 = hashlib.sha256(name.encode()).hexdigest()
        file = SourceFile(f"{name}.mp4", f"recordings/{name}/original/1.mp4", 1_000, sha256)
        return self.lessons.add(NewRecording(new_id(), self.cast[owner], name, (file,), priority, {"language": "en"}))[
            0
        ]

    def run_of(self, recording: str) -> str:
        return self.lessons.runs(self.owner, recording)[-1].id

    def begin(self, recording: str) -> tuple[str, int]:
        """The newest run of the recording at work, and its attempt."""
        run = self.lessons.runs(self.owner, recording)[-1]
        assert self.jobs.begin(run.id, run.attempt) is not None
        return run.id, run.attempt

    def take(self, run: str, attempt: int, stage: Stage, worker: str = "worker-1") -> Claim:
        outcome = self.jobs.claim(run, attempt, stage, worker)
        assert outcome.claim is not None, outcome
        return outcome.claim

    def do(self, run: str, attempt: int, *stages: Stage, found: Lesson | None = None) -> None:
        for stage in stages:
            claim = self.take(run, attempt, stage)
            made = (found or lesson()) if stage is Stage.MEASURES else None
            assert self.jobs.finish(claim, f"recordings/{claim.recording}/runs/{run}/{stage}-{claim.token}", made)

    def ready(self, name: str = "fractions", found: Lesson | None = None) -> tuple[str, str]:
        """A lesson of which everything is done: the recording and its run."""
        recording = self.bring(name)
        return recording, self.listen(recording, found)

    def listen(self, recording: str, found: Lesson | None = None) -> str:
        """Begin the newest run, and do everything that is still to be done."""
        run, attempt = self.begin(recording)
        self.do(run, attempt, *self.still_to_do(run), found=found)
        self.jobs.settle(run, attempt)
        return run

    def still_to_do(self, run: str) -> list[Stage]:
        return [s.stage for s in self.jobs.one(run).run.stages if s.state is StageState.WAITING]

    def later(self, table: type, seconds: float, *columns: str) -> None:
        """Let so many seconds pass for these columns of every row."""
        with self.database.write() as session:
            session.execute(update(table).values({c: getattr(table, c) - seconds for c in columns}))


def school(url: str) -> School:
    database = Database(url, folder() / f"audit-{uuid4().hex}")
    found = School(
        url,
        AccountStore(database),
        PeopleStore(database),
        LessonStore(database),
        JobStore(database),
        UploadStore(database),
        TicketStore(database),
        StaffStore(database),
        HandoutStore(database),
        NotificationStore(database),
        MailStore(database),
        CycleStore(database),
        CodebookStore(database),
        ProgressStore(database),
        TemplateStore(database),
        LeadershipStore(database),
        OpeningStore(database),
        WalkStore(database),
        ConsentStore(database),
        RetentionStore(database),
        FaceStore(database),
        ExemplarStore(database),
        SurveyStore(database),
        database,
    )
    for who, membership, place in (
        ("owner", Membership.TEACHER, "North"),
        ("colleague", Membership.TEACHER, "North"),
        ("coach", Membership.COACH, "North"),
        ("leader", Membership.LEADER, "North"),
        ("admin", Membership.ADMIN, "North"),
        ("stranger", Membership.TEACHER, "South"),
    ):
        found.cast[who] = found.people.add(f"{who}@school.org", membership, place).id
    for worker in ("worker-1", "worker-2"):
        found.jobs.sign_on(WorkerInfo(worker, "here", 1, ("gpu", "cpu"), 0.0))
    return found
