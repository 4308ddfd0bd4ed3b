"""A database that fails in the middle of a check: with the real store, but for the one answer that gets lost."""

from __future__ import annotations

import hashlib

import pytest
from databases import fresh_database
from media_files import tape
from stores import School, school
from uploading import wait_for

from coaching.errors import OutOfSpace, Unreachable
from coaching.recordings import new_id
from coaching.uploads import NewUpload, UploadFile, UploadState
from models.lessons import LessonStore
from models.uploads import UploadStore
from ui.checking import Checks
from ui.shelf import Shelf


class Upset(UploadStore):
    """Cannot say once that an upload has arrived."""

    error: Exception | None = None

    def arrive(self, upload: str, recording: str) -> None:
        if self.error is not None:
            error, self.error = self.error, None
            raise error
        super().arrive(upload, recording)


class Lossy(LessonStore):
    """Once adds nothing, or adds it and loses its answer."""

    error: Exception | None = None
    adds = False

    def add(self, new):
        if self.error is not None:
            error, self.error = self.error, None
            if self.adds:
                super().add(new)
            raise error
        return super().add(new)


@pytest.fixture
def whole(tmp_path) -> bytes:
    return tape(tmp_path / "sound.wav").read_bytes()


@pytest.fixture
def cast():
    made = school(fresh_database("sqlite"))
    yield made
    made.database.close()


def at_check(cast: School, shelf: Shelf, whole: bytes) -> str:
    said = NewUpload(cast.owner, "Fractions", None, "Grade 5", None, "2025-11-03", (), (len(whole),))
    upload, part = cast.uploads.begin(said).id, UploadFile(new_id(), 0, "sound.wav", len(whole), "print")
    shelf.begin(upload, part.id)
    cast.uploads.begin_part(cast.owner, upload, part)
    shelf.file(upload, part.id).write_bytes(whole)
    cast.uploads.check(cast.owner, upload, [hashlib.sha256(whole).hexdigest()])
    return upload


def settled(cast: School, upload: str, state: UploadState) -> None:
    wait_for(lambda: cast.uploads.one(cast.owner, upload).state is state)


@pytest.mark.parametrize("error", [OutOfSpace(), Unreachable()])
def test_what_was_added_is_never_taken_back(cast, tmp_path, whole, error, caplog):
    shelf, uploads = Shelf(tmp_path), Upset(cast.database)
    uploads.error = error
    upload = at_check(cast, shelf, whole)
    checks = Checks(uploads, cast.lessons, shelf)
    checks.ask(upload)
    wait_for(lambda: "check broke" in caplog.text)
    (file,) = cast.lessons.recording(cast.owner, upload).files
    assert (tmp_path / file.path).read_bytes() == whole
    assert cast.uploads.one(cast.owner, upload).state is UploadState.CHECKING
    wait_for(lambda: checks.ask(upload) or cast.uploads.one(cast.owner, upload).recording == upload)
    assert (tmp_path / file.path).read_bytes() == whole


@pytest.mark.parametrize("adds", [False, True])
def test_an_answer_that_got_lost_is_found_again(cast, tmp_path, whole, adds, caplog):
    shelf, lessons = Shelf(tmp_path), Lossy(cast.database)
    lessons.error, lessons.adds = Unreachable(), adds
    upload = at_check(cast, shelf, whole)
    checks = Checks(cast.uploads, lessons, shelf)
    checks.ask(upload)
    wait_for(lambda: "check broke" in caplog.text)
    assert cast.uploads.one(cast.owner, upload).state is UploadState.CHECKING
    wait_for(lambda: checks.ask(upload) or cast.uploads.one(cast.owner, upload).recording == upload)
    (file,) = cast.lessons.recording(cast.owner, upload).files
    assert (tmp_path / file.path).read_bytes() == whole


def test_what_the_database_refused_is_open_again_and_whole(cast, tmp_path, whole):
    shelf, lessons = Shelf(tmp_path), Lossy(cast.database)
    lessons.error = OutOfSpace()
    upload = at_check(cast, shelf, whole)
    Checks(cast.uploads, lessons, shelf).ask(upload)
    settled(cast, upload, UploadState.OPEN)
    found = cast.uploads.one(cast.owner, upload)
    assert "could not be checked" in str(found.reason)
    assert shelf.file(upload, found.files[0].id).read_bytes() == whole
    assert not (tmp_path / "recordings" / upload).exists()
