"""Rows out of one database and into another, of either kind: all of them, or none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from databases import KINDS, fresh_database
from lessons import lesson
from sqlalchemy import inspect, text

from coaching.backups import BadBackup
from coaching.corrections import Correction, Kind
from coaching.errors import BadInput
from coaching.ports import NewRecording, SourceFile
from coaching.recordings import RunState, Stage, StageState, new_id
from coaching.walks import NewWalk, Seen
from models.backups import LEFT_OUT, put, take
from models.database import Database
from models.tables import Base, CommentRow
from models.upgrade import downgrade, head

ODD = "half \ud800 and nothing \0"


@pytest.fixture
def full(there) -> tuple[str, str]:
    """A school with something in many tables: a lesson that is ready, and one of which a stage is at work."""
    ready, run = there.ready()
    spans = tuple(u.span for u in lesson().transcript.utterances if u.speaker == "S2")
    there.lessons.correct(there.owner, ready, Correction(Kind.NAME, spans, text="Ana 💡"))
    there.accounts.set_by_link(there.accounts.invite("owner@school.org"), "a long enough one")
    there.accounts.invite("coach@school.org")
    file = SourceFile(ODD, "recordings/odd/original/1.mp4", 5_000_000_000, "f" * 64)
    there.lessons.add(NewRecording(new_id(), there.owner, ODD, (file,)))
    # Answers have lower ids than what they answer: an order by ids would not do.
    with there.database.write() as session:
        for n, (id, parent) in enumerate([("c" * 24, None), ("b" * 24, "c" * 24), ("a" * 24, "b" * 24)]):
            made = {"recording_id": ready, "author_id": there.owner, "start": 1.0, "audience": "lesson", "made": 1.0}
            session.add(CommentRow(id=id, parent_id=parent, body=f"{n}", **made))
            session.flush()
    walk = NewWalk(new_id(), there.cycles.schools(there.owner)[0].id, there.owner, "", (Seen("Choice", "Ana 💡"),))
    there.walks.add(there.cast["leader"], walk)
    there.walks.add_photo(there.cast["leader"], walk.id, f"walks/{walk.id}/photo.jpg")
    work = there.bring("at work")
    run, attempt = there.begin(work)
    there.take(run, attempt, Stage.SOUND)
    return ready, work


def rows(url: str) -> dict[str, list]:
    """Every row of every table, as the models read it."""
    database = Database(url)
    with database.read() as session:
        found = {
            name: sorted(repr(tuple(row)) for row in session.execute(table.select()))
            for name, table in Base.metadata.tables.items()
        }
    database.close()
    return found


@pytest.mark.parametrize("into", KINDS)
def test_everything_but_the_moment_is_there_again(there, full, into, tmp_path):
    snapshot = take(there.url, tmp_path)
    url = fresh_database(into, upgraded=False)
    put(url, tmp_path, snapshot.tables, snapshot.revision)
    before, after = rows(there.url), rows(url)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"runs", "stages", "sessions", "links", "workers", "notifications"}
    written = [("NEW" in row, "NONE" in row) for row in after["notifications"]]
    assert written == 2 * [(False, True)]  # and nobody is written to
    assert [name for name in LEFT_OUT if after[name]] == []
    assert len(before["runs"]) == len(after["runs"]) == 3
    assert snapshot.revision == head()
    assert "recordings/odd/original/1.mp4" in snapshot.originals
    assert sum(folder.startswith("walks/") for folder in snapshot.artefacts) == 1


def test_what_was_at_work_waits_and_can_be_done(there, full, kind, tmp_path):
    _, work = full
    snapshot = take(there.url, tmp_path)
    url = fresh_database(kind, upgraded=False)
    put(url, tmp_path, snapshot.tables, snapshot.revision)
    there.database.close()
    from stores import school

    again = school(url)
    run = again.jobs.one(work).run
    assert (run.state, run.attempt) == (RunState.WAITING, 2)
    stage = run.stage(Stage.SOUND)
    assert (stage.state, stage.tries) == (StageState.WAITING, 0)
    assert {name for name, *_ in again.jobs.waiting()} >= {run.id}
    again.listen(work)
    assert again.jobs.one(work).run.state is RunState.READY
    again.database.close()


def test_a_backup_of_an_older_version_is_upgraded(there, kind, tmp_path):
    there.accounts.set_password("owner@school.org", "a long enough one")
    downgrade(there.url, "0002")
    snapshot = take(there.url, tmp_path)
    assert snapshot.revision == "0002"
    assert "comments" not in snapshot.tables
    url = fresh_database(kind, upgraded=False)
    put(url, tmp_path, snapshot.tables, snapshot.revision)
    database = Database(url)
    with database.read() as session:
        assert session.scalar(text("SELECT version_num FROM alembic_version")) == head()
        assert session.scalar(text("SELECT count(*) FROM people")) == 6
        assert session.scalar(text("SELECT count(*) FROM passwords")) == 1
    database.close()


def test_only_an_empty_database_is_filled(there, full, kind, tmp_path):
    snapshot = take(there.url, tmp_path)
    before = rows(there.url)
    for url in (there.url, fresh_database(kind)):
        with pytest.raises(BadInput, match="something in this database already"):
            put(url, tmp_path, snapshot.tables, snapshot.revision)
    assert rows(there.url) == before


def change(file: Path, column: str, value: object) -> None:
    names, *lines = file.read_text().splitlines()
    at = json.loads(names).index(column)
    changed = [json.loads(line) for line in lines]
    for row in changed:
        row[at] = value
    file.write_text("\n".join([names, *map(json.dumps, changed)]) + "\n")


@pytest.mark.parametrize(
    ("table", "column", "value", "said"),
    [
        ("recording_files", "path", "../../etc/passwd", "outside"),
        ("recording_files", "path", "/etc/passwd", "outside"),
        ("recording_files", "path", "recordings/../../x", "outside"),
        ("recording_files", "path", "recordings", "outside"),
        ("recording_files", "path", "secondlook.sqlite", "outside"),
        ("stages", "artefact", "models/x", "outside"),
        ("stages", "artefact", ["recordings/x"], "outside"),
        ("people", "id", {"a": 1}, "cannot be read"),
        ("recordings", "id", "../../..", "an id that is none"),
        ("runs", "id", "", "an id that is none"),
        ("runs", "state", "finished", "do not fit"),
        ("recordings", "owner_id", "0" * 24, "do not fit|damaged"),
        ("comments", "parent_id", "0" * 24, "do not fit"),
    ],
)
def test_hostile_rows_make_no_database(there, full, kind, tmp_path, table, column, value, said):
    snapshot = take(there.url, tmp_path)
    change(tmp_path / f"{table}.jsonl", column, value)
    url = fresh_database(kind, upgraded=False)
    with pytest.raises(BadInput, match=said):
        put(url, tmp_path, snapshot.tables, snapshot.revision)
    empty(url)


@pytest.mark.parametrize("content", ["", "{}", '["id"]\n', "[[[[[\n", '["id", "name"]\n["1"]\n', "\x00é"])
def test_what_is_no_table_makes_no_database(there, full, kind, tmp_path, content):
    snapshot = take(there.url, tmp_path)
    (tmp_path / "schools.jsonl").write_text(content, encoding="utf-8")
    url = fresh_database(kind, upgraded=False)
    with pytest.raises(BadBackup):
        put(url, tmp_path, snapshot.tables, snapshot.revision)
    empty(url)


def test_tables_and_revisions_that_nobody_knows_are_refused(there, kind, tmp_path):
    snapshot = take(there.url, tmp_path)
    url = fresh_database(kind, upgraded=False)
    for tables, revision in (
        ([*snapshot.tables, "sessions"], head()),
        ([], head()),
        (snapshot.tables, "9999"),
        (snapshot.tables, "head"),
    ):
        with pytest.raises(BadBackup):
            put(url, tmp_path, tables, revision)
        empty(url)


def empty(url: str) -> None:
    """Nothing was made, nor left."""
    database = Database(url)
    if (name := database.url.database) and "sqlite" in url:
        assert not list(Path(name).parent.glob(f"*{Path(name).name}*"))
    else:
        with database.read() as session:
            assert inspect(session.connection()).get_table_names() == []
    database.close()
