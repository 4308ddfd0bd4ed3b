"""Everybody who may ask the server for a lesson, and the server: for the tests of who is answered what."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from databases import fresh_database
from sqlalchemy import update
from stores import OTHERS, School, school
from uploading import Phone
from web import Web, served

from coaching.access import Grant
from coaching.accounts import fingerprint
from coaching.people import Membership
from coaching.recordings import Stage
from coaching.uploads import PASS_S
from models.tables import TicketRow

FILES = {
    Stage.WEB: ("web.mp4",),
    Stage.AUDIO: ("audio.m4a",),
    Stage.POSTER: ("poster.jpg",),
    Stage.SPRITE: ("sprite.jpg", "sprite-2.jpg", "thumbnails.vtt"),
    Stage.PEAKS: ("peaks.dat", "overview.dat"),
}
MEDIA = [name for names in FILES.values() for name in names] + ["captions.vtt", "ribbon.svg"]
GRANTED = {"seeing": (), "measuring": (Grant.MEASURES,)}
GRANTED |= dict.fromkeys(("former", "principal", "moved", "returned"), tuple(Grant))
"""Coaches whom the owner gave the lesson, with what beside seeing it. Then it was taken back from one, one became a
principal, one went to another school, and one did both and came back."""

EVERYBODY = ("owner", *OTHERS, *GRANTED)

PHONES = ("ticket", "expired", "pass")
"""The owner's, signed in nowhere: with a ticket that nobody changed in time, with a pass that is too old, and with one
that is good for another lesson."""

OUTSIDE = ("nobody", *PHONES)
OUT = dict.fromkeys(OUTSIDE, 401)
"""Who is signed out, wherever it is not about bringing that one lesson."""

REVIEW = {
    "/recordings/{recording}/lesson.json",
    "/recordings/{recording}/notes.json",
    "/recordings/{recording}/views.json",
    "/recordings/{recording}/events",
    "/recordings/{recording}/kept/{clip}.mp4",
    "/recordings/{recording}/comments.csv",
    "/recordings/{recording}/comments.jsonld",
    "/recordings/{recording}/comments",
    "/recordings/{recording}/comments/{comment}",
    "/recordings/{recording}/clips",
    "/recordings/{recording}/clips/{clip}",
    "/recordings/{recording}/corrections",
    "/recordings/{recording}/corrections/{correction}",
    "/recordings/{recording}/watched",
    "/recordings/{recording}/insights.json",
    "/recordings/{recording}/trend.json",
    "/recordings/{recording}/predictions",
    "/recordings/{recording}/calibration.json",
    "/recordings/{recording}/calibration",
    "/recordings/{recording}/exports/{name}",
    "/recordings/{recording}/handouts.json",
    "/recordings/{recording}/handouts",
    "/recordings/{recording}/handouts/{handout}",
}
"""Who is answered what, test_access_review.py says."""

TEMPLATES = {"/templates", "/templates/{template}"}
"""Texts of one's own for comments: for whoever is signed in, and never another's."""

GIVEN = {"/clips/{clip}/clip.json", "/clips/{clip}/film.mp4", "/clips/{clip}/captions.vtt"}
"""For whoever was given that clip, and for nobody else."""

FACES = {"/clips/{clip}/faces.json", "/clips/{clip}/faces", "/clips/{clip}/covered.mp4"}
"""For the lesson's owner, of a clip that they made."""

WALKS = {
    "/walk",
    "/walk/worker.js",
    "/walk/form.json",
    "/walk/visits/{walk}",
    "/walk/visits/{walk}/photo",
    "/walks/{walk}/photo.jpg",
}
"""For whom a visit was to, who wrote it, and to whom the teacher passed it on."""

EXEMPLARS = {"/exemplars/{exemplar}/film.mp4", "/exemplars/{exemplar}/captions.vtt"}
"""For the teachers and coaches of the school in whose library it is, while it is shown."""

CYCLE = {"/cycles/{cycle}/calendar.ics", "/cycles/{cycle}/summary.pdf"}
"""For its teacher and its partner."""


@pytest.fixture(scope="module")
def there(tmp_path_factory) -> Iterator[tuple[Web, School, str, dict[str, Phone]]]:
    """The server, its school, the owner's lesson, and everybody who asks.

    What a database answers is the same on each (tests/contract); here it is the one that larger schools have.
    """
    data = tmp_path_factory.mktemp("data")
    url = fresh_database("postgresql")
    cast = school(url)
    recording, run = cast.ready()
    _write_files(cast, data, run)
    for who, what in GRANTED.items():
        cast.cast[who] = cast.people.add(f"{who}@school.org", Membership.COACH, "North").id
        cast.lessons.grant(cast.owner, recording, f"{who}@school.org", what)
    cast.lessons.take_back_grant(cast.owner, recording, cast.cast["former"])
    _let_them_move(cast)
    with served(data, url, SECONDLOOK_PUBLIC_URL="https://coaching.hill.org") as web:
        people = {who: Phone(web, web.session(f"{who}@school.org")) for who in EVERYBODY}
        yield web, cast, recording, people | {"nobody": Phone(web)} | _phones(web, cast)
    cast.database.close()


def _phones(web: Web, cast: School) -> dict[str, Phone]:
    codes = [cast.tickets.issue(cast.owner)[0] for _ in PHONES]
    found = {who: cast.tickets.exchange(code) for who, code in zip(PHONES[1:], codes[1:], strict=True)}
    found["ticket"] = codes[0]
    over = [fingerprint(found[who]) for who in ("ticket", "expired")]
    with cast.database.write() as session:
        session.execute(update(TicketRow).where(TicketRow.id.in_(over)).values(ends=TicketRow.ends - PASS_S))
    phones = {who: Phone(web, ticket=code) for who, code in found.items()}
    phones["pass"].upload(10)
    return phones


def _let_them_move(cast: School) -> None:
    admin = cast.cast["admin"]
    (north,) = cast.staff.schools(admin)
    for who in ("moved", "returned"):
        cast.people.add(f"{who}@school.org", Membership.COACH, "South")
    for who, *roles in (
        ("principal", Membership.LEADER),
        ("moved",),
        ("returned", Membership.LEADER),
        ("returned", Membership.COACH),
    ):
        cast.staff.change(admin, cast.cast[who], north.id, roles)


def _write_files(cast: School, data: Path, run: str) -> None:
    for status in cast.jobs.one(run).run.stages:
        for name in FILES.get(status.stage, ()):
            file = data / str(status.artefact) / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(name.encode())
