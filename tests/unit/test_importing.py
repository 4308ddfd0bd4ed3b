"""What an import clears away that a killed one left, and when it may."""

from __future__ import annotations

import fcntl
import mimetypes
from pathlib import Path

import pytest

from pipelines.commands.importing import MARK, _is_media, _sweep


class Jobs:
    """The database at the moment in which it is asked: by then, the import that held the mark has ended well."""

    def __init__(self, mark: Path) -> None:
        self.mark, self.asked = mark, 0

    def all(self) -> list[object]:
        self.asked += 1
        with self.mark.open("r+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return [type("Job", (), {"recording": self.mark.parent.name})()]
        return []  # asked before the mark was held: the row of the other import is not there yet


def test_the_database_is_asked_while_the_mark_is_held(tmp_path):
    mark = tmp_path / "recordings" / "ab" / MARK
    mark.parent.mkdir(parents=True)
    mark.touch()
    (mark.parent / "lesson.mp4").touch()
    jobs = Jobs(mark)
    _sweep(tmp_path, jobs)  # type: ignore[arg-type]
    assert jobs.asked == 1
    assert [p.name for p in mark.parent.iterdir()] == ["lesson.mp4"]


def test_a_mark_that_another_import_holds_is_left_alone(tmp_path):
    mark = tmp_path / "recordings" / "ab" / MARK
    mark.parent.mkdir(parents=True)
    with mark.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        jobs = Jobs(mark)
        _sweep(tmp_path, jobs)  # type: ignore[arg-type]
    assert jobs.asked == 0
    assert mark.exists()


@pytest.mark.parametrize("name", "a.mkv b.M4V c.m4a d.ogg e.amr f.mp4 g.3gp".split())
def test_a_recording_is_known_by_its_name_on_a_bare_machine(monkeypatch, name):
    monkeypatch.setattr(mimetypes, "guess_type", lambda _name: (None, None))
    assert _is_media(Path(name))
    assert not _is_media(Path("plan.docx"))
