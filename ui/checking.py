"""What becomes of a lesson that is all here: read whole from the disk, held against what the browser sent, looked into
by a program of its own, and made a recording.

Any of it may be killed at any moment, and is done again from the start, for whoever asks next: the recording bears the
upload's id, so that a second try finds what the first one did.
"""

from __future__ import annotations

import json
import logging
import queue
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from coaching.errors import Unreachable
from coaching.ports import Answers, Lessons, NewRecording, SourceFile
from coaching.uploads import Upload, UploadFile, Uploads
from ui.shelf import Shelf, hash_of

log = logging.getLogger(__name__)

AT_ONCE = 2
"""Lessons that are read at one time: more would only make each wait for the disk."""

PROBE_S = 120.0
"""How long the other program may look into a file, beyond its own limits."""

PROBE = (sys.executable, "-P", "-m", "pipelines", "probe")

BROKE = "This lesson could not be checked. What has come is safe. Carry on to try again, or tell your administrator."


class Checks:
    """Checks uploads one after the other, in threads that end with the process."""

    def __init__(self, uploads: Uploads, lessons: Lessons, shelf: Shelf) -> None:
        self._uploads, self._lessons, self._shelf = uploads, lessons, shelf
        self._queue: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._asked: set[str] = set()
        self._lock = threading.Lock()
        for _ in range(AT_ONCE):
            threading.Thread(target=self._run, daemon=True, name="checks").start()

    def ask(self, upload: str) -> None:
        """Have this upload checked, unless it is already."""
        with self._lock:
            if upload in self._asked:
                return
            self._asked.add(upload)
        self._queue.put(upload)

    def _run(self) -> None:
        while True:
            upload = self._queue.get()
            try:
                if self._uploads.at_check(upload):
                    self._alone(upload)
            except Exception as error:  # the next who asks tries again
                log.error("check broke", extra={"kind": type(error).__name__})
            finally:
                with self._lock:
                    self._asked.discard(upload)

    def _alone(self, upload: str) -> None:
        """Check it, unless another process does, or has."""
        with self._shelf.alone(upload, wait=False) as alone:
            found = self._uploads.at_check(upload) if alone else None
            if found is not None:
                self._check(found)

    def _check(self, upload: Upload) -> None:
        try:
            recording = self._is_added(upload) or self._become(upload)
        except Unreachable:  # nobody knows what the database took: the next who asks finds out
            raise
        except Exception as error:
            log.error("check broke", extra={"kind": type(error).__name__})
            if not self._is_added(upload):
                self._shelf.take_back(upload)
                self._uploads.reopen(upload.id, BROKE)
            return
        if recording is not None:
            self._uploads.arrive(upload.id, recording)
            self._shelf.remove(upload.id)
            log.info("upload arrived", extra={"person": upload.owner, "recording": recording})

    def _is_added(self, upload: Upload) -> str | None:
        """Its recording, where whoever checked it was stopped just before the last step."""
        known = self._lessons.known(upload.owner, [part.sha256 or "" for part in upload.files])
        return known if known == upload.id else None

    def _become(self, upload: Upload) -> str | None:
        """The recording that it is now, or was before; None where it is refused, or something is to be sent again."""
        self._shelf.take_back(upload)  # what was moved when somebody was stopped
        places = [self._shelf.file(upload.id, part.id) for part in upload.files]
        found = [hash_of(place) for place in places]
        if torn := [part for part, sha256 in zip(upload.files, found, strict=True) if sha256 != part.sha256]:
            for part in torn:
                self._shelf.empty(upload.id, part.id)
            self._uploads.reopen(upload.id, _torn(torn))
            return None
        known = self._lessons.known(upload.owner, found)
        if known is None and (reason := probe(places, upload.files)):
            self._uploads.refuse(upload.id, reason)
            self._shelf.remove(upload.id)
            log.info("upload refused", extra={"person": upload.owner})
            return None
        return known or self._add(upload)

    def _add(self, upload: Upload) -> str:
        """Make it a recording; its id, or that of the same content, where it was brought twice at once."""
        paths = self._shelf.move(upload)
        files = tuple(
            SourceFile(part.name, path, part.size, part.sha256 or "")
            for part, path in zip(upload.files, paths, strict=True)
        )
        answers = Answers(upload.class_id, upload.taught, upload.consent, upload.look_fors)
        recording, _ = self._lessons.add(NewRecording(upload.id, upload.owner, upload.name, files, answers=answers))
        if recording != upload.id:
            self._shelf.take_back(upload)
        return recording


def probe(places: Sequence[Path], parts: Sequence[UploadFile]) -> str | None:
    """Why a lesson of these files cannot be used, in a sentence; None where it can. Nothing of them is opened here.

    Raises OSError or SubprocessError where the other program could not say.
    """
    command = [*PROBE, "--", *map(str, places)]
    # In a session of its own: Ctrl-C stops the server, and says nothing of the lesson.
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=PROBE_S * len(places),
        start_new_session=True,
        check=False,
    )
    said = [json.loads(line) for line in done.stdout.splitlines()]
    if len(said) != len(places):
        raise subprocess.CalledProcessError(done.returncode, command[:5])
    for place, part, one in zip(places, parts, said, strict=True):
        if "error" in one:
            return str(one["error"]).replace(place.name, part.name)
    return None


def _torn(parts: Sequence[UploadFile]) -> str:
    which = parts[0].name if len(parts) == 1 else f"{len(parts)} of the files"
    return f"{which} did not come as it was sent. Choose the same video again, and it is sent anew."
