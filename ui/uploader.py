"""Who brings a lesson: whoever is signed in, or has a pass, which is for one lesson and shows no other."""

from __future__ import annotations

from dataclasses import dataclass

from anyio.to_thread import run_sync
from starlette.requests import Request

from coaching.access import NotThere
from coaching.people import Person
from coaching.uploads import Pass, Upload, UploadFile, Uploads


@dataclass(frozen=True, slots=True)
class Uploader:
    """`limited` is None for whoever is signed in."""

    person: Person
    limited: Pass | None

    @classmethod
    def of(cls, request: Request) -> Uploader:
        """As the gate says (ui/gate.py)."""
        return cls(request.state.person, request.scope["state"].get("limited"))

    @property
    def id(self) -> str:
        return self.person.id

    async def one(self, uploads: Uploads, upload: str) -> Upload:
        """Raises NotThere, UploadOver."""
        self._may_see(upload)
        return await run_sync(uploads.one, self.id, upload)

    async def of_file(self, uploads: Uploads, file: str) -> tuple[Upload, UploadFile]:
        """The upload of this part, and the part. Raises NotThere, UploadOver."""
        upload, part = await run_sync(uploads.of_file, self.id, file)
        self._may_see(upload.id)
        return upload, part

    async def mine(self, uploads: Uploads) -> list[Upload]:
        """What is on its way. With a pass, its one lesson, also when that has arrived."""
        if self.limited is None:
            return await run_sync(uploads.mine, self.id)
        return [await self.one(uploads, self.limited.upload)] if self.limited.upload else []

    def _may_see(self, upload: str) -> None:
        if self.limited is not None and self.limited.upload != upload:
            raise NotThere
