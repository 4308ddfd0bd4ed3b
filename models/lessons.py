"""Recordings and what is known of them, for whoever may see them: implements `coaching.ports.Lessons`.

Every method fetches through fetch.py, which asks `coaching.access` before anything else is read; the queries themselves
only ever look among what is the viewer's own, or granted to them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from coaching.access import Action, Grant, NotThere, require
from coaching.corrections import Correction, check
from coaching.errors import BadInput
from coaching.lesson import Lesson
from coaching.ports import NewRecording, Numbers, RecordingFacts, SourceFile
from coaching.recordings import PICTURES, Run, RunState, Stage, StageState, StageStatus, is_id, new_id
from coaching.retention import NOT_AGAIN, FilmGone
from coaching.transcript import Transcript
from models import fetch, several
from models.calibrations import CalibrationStore
from models.claims import count_open, newest, show
from models.coding import CodingStore
from models.database import Database, insert_if_new, now
from models.given_clips import GivenClipStore
from models.library import LibraryStore
from models.notes import NoteStore
from models.predictions import PredictionStore
from models.rows import files_of, gone_of, is_gone, new_stage, stages_of, statuses, to_run
from models.sharing import SharingStore
from models.tables import AnswersRow, CorrectionRow, FileRow, PersonRow, RecordingRow, RunRow, StageRow, WorkState
from models.transcripts import load_corrections, load_lesson, load_transcript, spans_to_json


class LessonStore(
    LibraryStore, SharingStore, GivenClipStore, NoteStore, PredictionStore, CalibrationStore, CodingStore
):
    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, new: NewRecording) -> tuple[str, bool]:
        if not is_id(new.id) or not new.files:
            raise BadInput("A recording needs an id of Second Look's and at least one file.")
        content = _content([f.sha256 for f in new.files])
        with self._database.write() as session:
            if not is_id(new.owner) or session.get(PersonRow, new.owner) is None:
                raise BadInput("There is no such person. `secondlook people list` shows everybody.")
            values = {"id": new.id, "owner_id": new.owner, "name": new.name, "added": now(session), "content": content}
            if not insert_if_new(session, RecordingRow, **values):
                known = session.scalar(_of_content(new.owner, content))
                if known is None:
                    raise BadInput("There is another recording of this id.")
                return known, False
            session.add_all(
                FileRow(recording_id=new.id, position=n, name=f.name, path=f.path, size=f.size, sha256=f.sha256)
                for n, f in enumerate(new.files)
            )
            if new.answers is not None:
                said = new.answers
                session.add(
                    AnswersRow(
                        recording_id=new.id,
                        class_period_id=said.class_period,
                        taught=said.taught,
                        consent=said.consent,
                        look_fors=list(said.look_fors),
                    )
                )
            row = _new_run(session, new.id, 1, dict(new.options))
            row.shown, row.priority = True, new.priority
            session.add(row)
            session.flush()
            session.add_all(new_stage(row.id, stage) for stage in Stage)
            return new.id, True

    def known(self, owner: str, sha256: Sequence[str]) -> str | None:
        with self._database.read() as session:
            return session.scalar(_of_content(owner, _content(sha256))) if is_id(owner) else None

    def mine(self, viewer: str) -> list[RecordingFacts]:
        if not is_id(viewer):
            return []
        mine = select(RecordingRow, RunRow).join(RunRow, RunRow.recording_id == RecordingRow.id)
        mine = mine.where(RecordingRow.owner_id == viewer, RunRow.shown)
        owned = select(RecordingRow.id).where(RecordingRow.owner_id == viewer)
        with self._database.read() as session:
            found = statuses(session, RunRow.shown, RunRow.recording_id.in_(owned))
            files = files_of(session, owned)
            rows = session.execute(mine.order_by(RecordingRow.added.desc(), RecordingRow.id)).all()
            gone = gone_of(session, [row.id for row, _ in rows])
            facts = []
            for row, run in rows:
                require(viewer, Action.SEE, row.owner_id)
                of = _facts(row, files.get(row.id, ()), run, found.get(run.id, []))
                facts.append(replace(of, gone=gone.get(row.id)))
            return facts

    def recording(self, viewer: str, recording: str) -> RecordingFacts:
        with self._database.read() as session:
            row, given = fetch.recording(session, viewer, Action.SEE, recording)
            run = session.scalars(select(RunRow).where(RunRow.recording_id == row.id, RunRow.shown)).one()
            stages = statuses(session, RunRow.id == run.id).get(run.id, [])
            files, gone = files_of(session, [row.id]).get(row.id, ()), gone_of(session, [row.id]).get(row.id)
            return replace(_facts(row, files, run, stages, given), gone=gone)

    def runs(self, viewer: str, recording: str) -> list[Run]:
        with self._database.read() as session:
            row, _ = fetch.recording(session, viewer, Action.REPROCESS, recording)
            runs = session.scalars(select(RunRow).where(RunRow.recording_id == row.id).order_by(RunRow.number)).all()
            stages = statuses(session, RunRow.recording_id == row.id)
            return [to_run(run, stages.get(run.id, [])) for run in runs]

    def reprocess(self, viewer: str, recording: str, options: Mapping[str, Any] | None = None) -> Run:
        with self._database.write() as session:
            row, _ = fetch.recording(session, viewer, Action.REPROCESS, recording, lock=True)
            if is_gone(session, row.id):
                raise FilmGone(NOT_AGAIN)
            if count_open(session, row.id):
                raise BadInput("This recording is being worked on. Wait until that has ended, or cancel it.")
            before = newest(session, row.id)
            run = _new_run(session, row.id, before.number + 1, before.options if options is None else dict(options))
            run.priority = before.priority
            session.add(run)
            session.flush()
            shown = session.scalars(select(RunRow).where(RunRow.recording_id == row.id, RunRow.shown)).one()
            made = _pictures(session, row.id, run.options.get("track"))
            session.add_all(new_stage(run.id, stage, made.get(stage)) for stage in Stage)
            if shown.facts is None:  # there is nothing to see yet: people follow the new run
                show(session, run)
            session.flush()
            return to_run(run, statuses(session, RunRow.id == run.id)[run.id])

    def show(self, viewer: str, run: str) -> None:
        with self._database.write() as session:
            row = fetch.run(session, viewer, Action.REPROCESS, run, lock=True)
            if row.state is not RunState.READY:
                raise BadInput("This run is not ready, so it cannot be shown.")
            show(session, row)

    def delete_run(self, viewer: str, run: str) -> tuple[str, ...]:
        with self._database.write() as session:
            row = fetch.run(session, viewer, Action.DELETE, run, lock=True)
            stages = stages_of(session, run)
            if row.shown:
                raise BadInput("This run is the one that is shown. Show another one first.")
            if row.work is not WorkState.OVER or any(s.state is StageState.RUNNING for s in stages):
                raise BadInput("This run is at work. Cancel it first, or wait until it has ended.")
            others = select(StageRow.artefact).join(RunRow, RunRow.id == StageRow.run_id)
            others = others.where(RunRow.recording_id == row.recording_id, RunRow.id != run)
            used = {artefact for artefact in session.scalars(others) if artefact is not None}
            folder = f"recordings/{row.recording_id}/runs/{run}"
            folders = {s.artefact for s in stages if s.artefact is not None} - used
            if not any(artefact == folder or artefact.startswith(f"{folder}/") for artefact in used):
                folders.add(folder)
            session.delete(row)
            return tuple(sorted(folders))

    def machine(self, viewer: str, run: str) -> Lesson:
        with self._database.read() as session:
            lesson = load_lesson(session, fetch.run(session, viewer, Action.MEASURE, run))
        if lesson is None:
            raise NotThere
        return lesson

    def numbers(self, viewer: str, recordings: Collection[str]) -> Mapping[str, Numbers]:
        with self._database.read() as session:
            return several.of(session, viewer, recordings) if is_id(viewer) else {}

    def transcript(self, viewer: str, run: str) -> Transcript:
        with self._database.read() as session:
            heard = load_transcript(session, fetch.run(session, viewer, Action.SEE, run))
        if heard is None:
            raise NotThere
        return heard

    def correct(self, viewer: str, recording: str, correction: Correction) -> str:
        with self._database.write() as session:
            row, _ = fetch.recording(session, viewer, Action.CORRECT, recording, lock=True)
            check(correction)
            last = session.scalar(select(func.max(CorrectionRow.number)).where(CorrectionRow.recording_id == row.id))
            made = CorrectionRow(
                id=new_id(),
                recording_id=row.id,
                person_id=viewer,
                number=(last or 0) + 1,
                made=now(session),
                kind=correction.kind,
                role=correction.role,
                text=correction.text,
                spans=spans_to_json(correction.spans),
                other=spans_to_json(correction.other),
            )
            session.add(made)
            return made.id

    def take_back(self, viewer: str, recording: str, correction: str) -> None:
        with self._database.write() as session:
            row, _ = fetch.recording(session, viewer, Action.CORRECT, recording, lock=True)
            made = session.get(CorrectionRow, correction) if is_id(correction) else None
            if made is None or made.recording_id != row.id:
                raise NotThere
            if made.taken_back is None:
                made.taken_back = now(session)

    def corrections(self, viewer: str, recording: str) -> list[Correction]:
        with self._database.read() as session:
            row, _ = fetch.recording(session, viewer, Action.SEE, recording)
            return load_corrections(session, row.id)


def _facts(
    row: RecordingRow,
    files: tuple[SourceFile, ...],
    run: RunRow,
    stages: Sequence[StageStatus],
    given: frozenset[Grant] = frozenset(),
) -> RecordingFacts:
    added, duration = datetime.fromtimestamp(row.added, UTC), run.facts["duration"] if run.facts else None
    return RecordingFacts(row.id, row.owner_id, row.name, added, files, to_run(run, stages), duration, given)


def _content(sha256: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(sha256).encode()).hexdigest()


def _of_content(owner: str, content: str) -> Select[str]:
    return select(RecordingRow.id).where(RecordingRow.owner_id == owner, RecordingRow.content == content)


def _new_run(session: Session, recording: str, number: int, options: dict[str, Any]) -> RunRow:
    moment = now(session)
    return RunRow(
        id=new_id(),
        recording_id=recording,
        number=number,
        state=RunState.WAITING,
        work=WorkState.WAITING,
        attempt=1,
        shown=False,
        options=options,
        since=moment,
        heard=moment,
    )


def _pictures(session: Session, recording: str, track: object) -> dict[Stage, StageRow]:
    """The newest picture of each kind that was made of the recording; the waveform only of the same sound track."""
    query = select(StageRow, RunRow.options).join(RunRow, RunRow.id == StageRow.run_id)
    query = query.where(RunRow.recording_id == recording, StageRow.state == StageState.DONE)
    made = session.execute(query.where(StageRow.stage.in_(PICTURES)).order_by(RunRow.number))
    return {s.stage: s for s, options in made if s.stage is not Stage.PEAKS or options.get("track") == track}
