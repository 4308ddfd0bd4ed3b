"""Every route of the server, asked by everybody of the cast. A route that is not in the matrix fails here."""

from __future__ import annotations

import io
import json
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from zipfile import ZipFile

import pytest
from lessons import lesson, said
from matrix import CYCLE, EVERYBODY, EXEMPLARS, FACES, GIVEN, MEDIA, OUT, OUTSIDE, PHONES, REVIEW, TEMPLATES, WALKS
from matrix import there as there
from PIL import Image
from sqlalchemy import update
from stores import OTHERS
from uploading import TYPE, metadata

import models
from coaching import cycles
from coaching.access import Grant
from coaching.clips import NewClip
from coaching.coached import NewCycle
from coaching.codebooks import Codebook, Label
from coaching.comments import Audience
from coaching.consents import Agreed
from coaching.corrections import Correction, Kind
from coaching.exemplars import NewExemplar
from coaching.faces import Box, Face, Moment
from coaching.handouts import Made, Making
from coaching.recordings import Stage, new_id
from coaching.settings import Settings
from coaching.transcript import Role
from models.tables import HandoutRow
from ui import review, server, uploads, walks

pytestmark = pytest.mark.xdist_group("matrix")

UPLOADS = {
    "/upload/form",
    "/upload/lessons",
    "/upload/lessons/{upload}",
    "/upload/lessons/{upload}/complete",
    "/upload/files",
    "/upload/files/{file}",
    "/upload/{rest:path}",
}

OPEN = {
    "/healthz": 200,
    "/signin": 303,
    "/ticket": 200,
    "/assets/design.css": 200,
    "/assets/none.css": 404,
    "/static/js/none.js": 404,
}
"""For everybody; whoever is signed in already is sent on."""

OIDC = {"/signin/oidc", "/signin/oidc/back"}
"""For whoever signs in, where a provider is set (test_oidc.py); without one, a page of the app like any other path."""

TOLD = {"/notifications/{notification}", "/unsubscribe"}
"""For whom it was told; for whoever has the link of an e-mail (test_mail.py)."""

STAFF = {"/people/import", "/people/staff.csv"}
"""For whoever administers a school, and of that school alone (test_people_page.py)."""

CODEBOOKS = {
    "/codebooks/import",
    "/codebooks/{codebook}/codebook.csv",
    "/codebooks/{codebook}/codebook.json",
}
"""A codebook for whose it is, or their school's; bringing one, for everybody who is signed in."""

HOLIDAYS = {"/coaching/holidays"}
"""For whoever says how a school coaches."""

LEADERSHIP = {"/leadership/coaching.csv"}
"""For whoever leads a school, and of that school alone."""

ARCHIVE = {"/account/archive"}
"""Everything of whoever is signed in, and nobody else's."""

PAGES = ("/", "/lessons", "/review", "/insights", "/people", "/jobs", "/account", "/upload", "/calibrate", "/clips")
PAGES += (
    "/codebooks",
    "/faces",
    "/leadership",
    "/notifications",
    "/coding",
    "/progress",
    "/walk/",
    "/walks",
    "/classes",
    "/exemplars",
    "/surveys",
    "/clips.json",
    "/favicon.png",
    "/_stcore/health",
    "/_stcore/host-config",
)
"""For everybody who is signed in: what they show, the stores decide."""

CLOSED = (
    "/metrics",
    "/_stcore/metrics",
    "/_stcore/agent/openapi.json",
    "/_stcore/agent/interact",
    "/_stcore/upload_file/a/b",
    "/auth/login",
    "/auth/logout",
    "/oauth2callback",
)


def test_every_route_is_in_the_matrix(there, tmp_path):
    _, cast, _, _ = there
    stores = models.Stores(**{field.name: getattr(cast, field.name) for field in fields(models.Stores)})
    provider = {"oidc_issuer": "http://localhost", "oidc_client_id": "id", "oidc_client_secret": "secret"}
    settings = Settings.model_validate(provider | {"data_dir": tmp_path})
    reception = uploads.Reception(settings, cast.uploads, cast.lessons)
    paths = {getattr(route, "path", "") for route in server.routes(stores, settings, reception, review.Bell())}
    pages = paths & set(PAGES)
    ways_in = {"/healthz", "/signin", *OIDC, "/assets", "/password", "/signout", "/ticket"}
    assert (
        paths
        == ways_in
        | {"/recordings/{recording}/{name}", "/receipts/{receipt}"}
        | REVIEW
        | GIVEN
        | FACES
        | CYCLE
        | TEMPLATES
        | UPLOADS
        | STAFF
        | CODEBOOKS
        | HOLIDAYS
        | LEADERSHIP
        | WALKS
        | EXEMPLARS
        | ARCHIVE
        | TOLD
        | pages
    )


def test_what_somebody_is_told_of_is_for_them_alone_and_while_they_may_see_it(there):
    _, cast, recording, visitors = there
    told = {who: cast.notifications.mine(cast.cast[who]) for who in EVERYBODY}
    assert {who for who in EVERYBODY if told[who]} == {"owner", "seeing", "measuring", "returned"}
    for whose, notices in told.items():
        for one in notices:
            for who in (*EVERYBODY, *OUTSIDE):
                answer = visitors[who].ask(f"/notifications/{one.id}")
                assert (who, answer.status) == (who, (OUT | {whose: 303}).get(who, 404))
                if who not in (whose, *OUTSIDE):
                    assert answer.body == visitors[who].ask(f"/notifications/{'0' * 24}").body
            assert visitors[whose].ask(f"/notifications/{one.id}").headers["location"] == one.link
            assert cast.notifications.unread(cast.cast[whose]) == 0
    assert recording in told["seeing"][0].link
    for missing in ("%00", "..%2f", recording, "x" * 3000):
        assert visitors["owner"].ask(f"/notifications/{missing}").status in (400, 404)
    for who in (*EVERYBODY, *OUTSIDE):
        for method in ("GET", "POST"):
            assert visitors[who].ask("/unsubscribe?link=none", method).status == 404


@pytest.mark.parametrize("who", [*EVERYBODY, *OUTSIDE])
def test_an_archive_is_of_whoever_asks(there, who):
    _, _, _, visitors = there
    answer = visitors[who].ask("/account/archive")
    assert answer.status == OUT.get(who, 200)
    if who not in OUTSIDE:
        with ZipFile(io.BytesIO(answer.body)) as archive:
            assert f"{who}@school.org" in archive.read("README.txt").decode()
            assert any(name.startswith("lessons/") for name in archive.namelist()) == (who == "owner")
    assert visitors[who].ask("/account/archive", "POST", body=b"").status == (401 if who in OUTSIDE else 405)


@pytest.mark.parametrize("name", MEDIA)
@pytest.mark.parametrize("who", [*EVERYBODY, *OUTSIDE])
def test_media_are_the_owners_and_theirs_to_whom_they_were_granted(there, name, who):
    _, _, recording, visitors = there
    path, visitor = f"/recordings/{recording}/{name}", visitors[who]
    answer = visitor.ask(path)
    shares_of_talk = name == "ribbon.svg"
    see_all = dict.fromkeys(("owner", "measuring", "returned"), 200)
    expected = (OUT | see_all | {"seeing": 404 if shares_of_talk else 200}).get(who, 404)
    assert answer.status == expected
    if expected != 200:
        missing = visitor.ask(f"/recordings/{'0' * 24}/{name}")
        assert (answer.status, answer.body) == (missing.status, missing.body)  # neither tells that it is there
        assert "etag" not in answer.headers
        known = visitors["owner"].ask(path).headers["etag"]
        assert visitor.ask(path, headers={"If-None-Match": known}).status == answer.status


def test_a_cycle_is_its_teachers_and_its_partners(there):
    _, cast, _, visitors = there
    cycle = cast.cycles.begin(cast.owner, NewCycle(cycles.Kind.OBSERVE, "Whisperwood", "coach@school.org"))
    cast.cycles.plan(cast.owner, cycle, datetime(2026, 11, 30, 14, tzinfo=UTC), 30)
    for route in CYCLE:
        for who in (*EVERYBODY, *OUTSIDE):
            answer = visitors[who].ask(route.format(cycle=cycle))
            assert (who, answer.status) == (who, (OUT | {"owner": 200, "coach": 200}).get(who, 404))
            missing = visitors[who].ask(route.format(cycle="0" * 24))
            assert answer.status == 200 or (answer.status, answer.body) == (missing.status, missing.body)
    assert visitors["coach"].ask(f"/cycles/{cycle}/summary.pdf").body[:5] == b"%PDF-"


def test_a_clip_is_for_whom_it_was_given_and_opens_nothing_else_of_the_lesson(there):
    web, cast, recording, visitors = there
    clip, other = (cast.lessons.clip(cast.owner, recording, NewClip(14.0, end, "Look")) for end in (20.0, 21.0))
    cast.lessons.give_clips(cast.owner, recording, "colleague@school.org", [clip])
    cast.handouts.order_given()
    errand = cast.handouts.claim("worker-1")
    path = f"recordings/{recording}/handouts/{errand.token}/{errand.name}"
    (web.data / path).parent.mkdir(parents=True)
    (web.data / path).write_text("0123456789")
    assert cast.handouts.finish(errand, path, 10)
    for route in GIVEN:
        for who in (*EVERYBODY, *OUTSIDE):
            answer = visitors[who].ask(route.format(clip=clip))
            assert (who, answer.status) == (who, (OUT | {"colleague": 200}).get(who, 404))
            for missing in (other, "0" * 24, recording, "%00", ".."):
                assert visitors[who].ask(route.format(clip=missing)).status in (400, 401, 404)
    given = visitors["colleague"]
    part = given.ask(f"/clips/{clip}/film.mp4", headers={"Range": "bytes=2-4"})
    assert (part.status, part.text, part.headers["cache-control"]) == (206, "234", "private, no-cache")
    (lesson,) = given.ask("/clips.json").json["lessons"]
    told = given.ask(f"/clips/{clip}/clip.json").json
    assert ([one["id"] for one in lesson["clips"]], told["film"]["state"]) == ([clip], "ready")
    assert all(0 <= line["start"] <= line["end"] <= 6.0 for line in told["said"])
    assert "-->" in given.ask(f"/clips/{clip}/captions.vtt").text
    assert recording not in given.ask("/clips.json").text + given.ask(f"/clips/{clip}/clip.json").text
    for name in MEDIA:  # and everything else that test_access_review.py asks
        assert given.ask(f"/recordings/{recording}/{name}").status == 404
    for who in EVERYBODY:
        if who != "colleague":
            assert visitors[who].ask("/clips.json").json == {"lessons": []}
    cast.lessons.take_back_clips(cast.owner, recording, cast.cast["colleague"])
    assert {given.ask(route.format(clip=clip)).status for route in GIVEN} == {404}
    assert given.ask("/clips.json").json == {"lessons": []}


def test_what_is_covered_in_a_clip_is_the_owners_alone(there):
    web, cast, recording, visitors = there
    clip = cast.lessons.clip(cast.owner, recording, NewClip(14.0, 20.0, "Look", audience=Audience.LESSON))
    cast.lessons.give_clips(cast.owner, recording, "colleague@school.org", [clip])
    cast.faces.cover(cast.owner, clip)
    cast.handouts.order_given()
    errand = cast.handouts.claim("worker-1")
    seen = Face("a1", 14.0, 15.0, (Moment(14.0, Box(0.1, 0.1, 0.1, 0.1)),))
    while errand.order.kind is not Made.FACES:
        errand = cast.handouts.claim("worker-1")
    assert cast.handouts.found(errand, [seen])
    cast.handouts.order_given()
    errand = cast.handouts.claim("worker-1")
    path = f"recordings/{recording}/handouts/{errand.token}/{errand.name}"
    (web.data / path).parent.mkdir(parents=True)
    (web.data / path).write_text("0123456789")
    assert cast.handouts.finish(errand, path, 10)
    asked = [("GET", f"/clips/{clip}/{name}", 200) for name in ("faces.json", "faces.json?short", "covered.mp4")]
    for who in (*EVERYBODY, *OUTSIDE):
        for method, address, good in asked:
            answer = visitors[who].ask(address, method)
            assert (who, answer.status) == (who, (OUT | {"owner": good}).get(who, 404))
            missing = visitors[who].ask(address.replace(clip, "0" * 24), method)
            assert answer.status == 200 or (answer.status, answer.body) == (missing.status, missing.body)
        for method in ("POST", "PUT", "DELETE") if who != "owner" else ():
            body = b'{"removed": [], "added": []}'
            answer = visitors[who].ask(f"/clips/{clip}/faces", method, {"Content-Type": "application/json"}, body)
            assert (who, method, answer.status) == (who, method, OUT.get(who, 404))
    owner = visitors["owner"]
    assert owner.ask(f"/clips/{clip}/faces.json").json["found"][0][0] == "a1"
    assert owner.ask(f"/clips/{clip}/covered.mp4", headers={"Range": "bytes=2-4"}).text == "234"
    for body in (b"", b"[]", b'{"removed": [], "added": [[1]]}', b'{"removed": [], "added": [["a", 1e999, 2, []]]}'):
        assert owner.ask(f"/clips/{clip}/faces", "PUT", {"Content-Type": "application/json"}, body).status == 400
    assert owner.ask(f"/clips/{clip}/faces", "PUT", {"Origin": "null"}, b'{"removed": [], "added": []}').status == 403
    assert owner.ask(f"/clips/{clip}/faces", "DELETE").status == 204
    assert owner.ask(f"/clips/{clip}/covered.mp4").status == 404
    cast.lessons.take_back_clips(cast.owner, recording, cast.cast["colleague"])


@pytest.mark.parametrize("who", [*EVERYBODY, *OUTSIDE])
def test_the_staff_of_a_school_is_for_its_admins(there, who):
    _, cast, _, visitors = there
    visitor, expected = visitors[who], (OUT | {"admin": 200}).get(who, 404)
    for path in sorted(STAFF):
        answer = visitor.ask(path)
        assert answer.status == expected
        assert ("coach@school.org" in answer.text) == (who == "admin" and path.endswith(".csv"))
        assert "stranger@school.org" not in answer.text
    part = 'Content-Disposition: form-data; name="{}"\r\n\r\n{}\r\n--x'
    fields = part.format("apply", 1), part.format("list", f"email,role,school\nby-{who}@school.org,admin,South")
    sent = {"Content-Type": "multipart/form-data; boundary=x"}
    form = ("--x\r\n" + "\r\n".join(fields) + "--\r\n").encode()
    assert visitor.ask("/people/import", "POST", sent, form).status == expected
    assert cast.people.find(f"by-{who}@school.org") is None  # an admin of North makes nobody anything at South
    ours = form.replace(b"admin,South", b"teacher,North")
    assert visitor.ask("/people/import", "POST", sent, ours).status == expected
    assert (cast.people.find(f"by-{who}@school.org") is not None) == (who == "admin")
    assert visitor.ask("/people/import", "POST", sent | {"Origin": "null"}, ours).status == 403


@pytest.mark.parametrize("who", [*EVERYBODY, *OUTSIDE])
def test_codebooks_are_for_whose_they_are_and_a_schools_is_brought_by_its_coaches_and_admins(there, who):
    _, cast, _, visitors = there
    visitor, coach = visitors[who], cast.cast["coach"]
    (north,) = cast.staff.schools(cast.cast["admin"])
    book = Codebook(f"Words for {who}", (Label("Turns", "Voice"),))
    works_there = set(EVERYBODY) - {"stranger", "moved"}
    for codebook, readers in (
        (cast.codebooks.make(coach, north.id, book), works_there),
        (cast.codebooks.make(coach, None, book), {"coach"}),
        ("0" * 24, set()),
        ("starting-set", set()),
    ):
        for file in ("codebook.csv", "codebook.json", "codebook.csv?version=1", "codebook.json?version=2"):
            expected = 200 if who in readers and not file.endswith("=2") else 404
            answer = visitor.ask(f"/codebooks/{codebook}/{file}")
            assert (file, answer.status) == (file, OUT.get(who, expected))
            assert ("Voice" in answer.text) == (answer.status == 200)
    assert visitor.ask("/codebooks/import").status == OUT.get(who, 200)

    def bring(school: str, name: str, **headers: str) -> int:
        text = f"codebook,category,label\n{name},Turns,Choice\n"
        part = 'Content-Disposition: form-data; name="{}"\r\n\r\n{}\r\n--x'
        fields = "\r\n".join(part.format(*one) for one in (("text", text), ("school", school), ("before", "0")))
        sent = {"Content-Type": "multipart/form-data; boundary=x"} | headers
        return visitor.ask("/codebooks/import", "POST", sent, f"--x\r\n{fields}--\r\n".encode()).status

    keeps = {"coach", "admin", "seeing", "measuring", "former", "returned"}
    assert bring(north.id, f"By {who}") == OUT.get(who, 200 if who in keeps else 404)
    assert bring("", f"By {who}") == OUT.get(who, 200)
    assert bring("0" * 24, f"By {who}") == OUT.get(who, 404)
    assert bring("", f"Again by {who}", Origin="null") == 403
    schools = {kept.codebook.name for kept in cast.codebooks.mine(coach) if kept.school_id}
    assert (f"By {who}" in schools) == (who in keeps)
    if who in EVERYBODY:
        own = {kept.codebook.name for kept in cast.codebooks.mine(cast.cast[who]) if not kept.school_id}
        assert f"By {who}" in own
        assert f"Again by {who}" not in own


@pytest.mark.parametrize("who", [*EVERYBODY, *OUTSIDE])
def test_holidays_are_brought_by_a_schools_coaches_and_admins(there, who):
    _, cast, _, visitors = there
    visitor, (north,) = visitors[who], cast.staff.schools(cast.cast["admin"])
    keeps = {"coach", "admin", "seeing", "measuring", "former", "returned"}

    def bring(school: str, *lines: str, **headers: str) -> int:
        part = 'Content-Disposition: form-data; name="{}"\r\n\r\n{}\r\n--x'
        said = [("school", school), ("save", "1"), *(("kept", line) for line in lines)]
        sent = {"Content-Type": "multipart/form-data; boundary=x"} | headers
        body = "\r\n".join(part.format(*one) for one in said)
        return visitor.ask("/coaching/holidays", "POST", sent, f"--x\r\n{body}--\r\n".encode()).status

    somewhere = who in keeps or who == "moved"  # who coaches elsewhere by now
    assert visitor.ask("/coaching/holidays").status == OUT.get(who, 200 if somewhere else 404)
    assert bring(north.id, f"2026-12-24, 2026-12-26, By {who}") == OUT.get(who, 200 if who in keeps else 404)
    assert bring(north.id, "tomorrow") == OUT.get(who, 400 if who in keeps else 404)
    assert bring("0" * 24, "2026-12-24") == OUT.get(who, 404)
    assert bring(north.id, "2027-01-01", Origin="null") == 403
    (school,) = cast.cycles.schools(cast.cast["coach"])
    assert not any(one.called in (f"By {w}" for w in {*EVERYBODY, *OUTSIDE} - keeps) for one in school.cadence.holidays)


@pytest.mark.parametrize("who", [*EVERYBODY, *OUTSIDE])
def test_where_coaching_stands_is_a_table_for_a_schools_leaders(there, who):
    answer = there[3][who].ask("/leadership/coaching.csv")
    assert answer.status == OUT.get(who, 200 if who in ("leader", "principal") else 404)
    assert ("owner@school.org" in answer.text) == (answer.status == 200)


def test_a_visit_is_for_the_visited_teacher_who_wrote_it_and_to_whom_it_was_passed_on(there):
    web, cast, _, visitors = there
    (school,) = cast.cycles.schools(cast.cast["coach"])
    cast.cycles.coach_so(cast.cast["coach"], replace(school, walk_photos=True))
    walk, photo = new_id(), io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(photo, "JPEG", exif=_exif("Whisperwood"))
    said = {"school": school.id, "teacher": cast.owner, "place": "", "look_fors": ["Choice"], "evidence": ["Two."]}
    body = json.dumps(said | {"ago": 0}).encode()
    may_visit = set(EVERYBODY) - {"owner", "admin", "stranger", "moved"}

    def ask(who: str, path: str, method: str = "GET", body: bytes | None = None, **headers: str):
        return visitors[who].ask(path.format(walk=walk), method, headers, body)

    for who in (*EVERYBODY, *OUTSIDE):
        form = ask(who, "/walk/form.json")
        assert (who, form.status) == (who, OUT.get(who, 200))
        assert ("owner@school.org" in form.text) == (who in may_visit)
        for path in ("/walk/", "/walk/worker.js"):
            shown = ask(who, path)
            assert shown.status == OUT.get(who, 200)
            assert "school.org" not in shown.text
        sent = ask(who, f"/walk/visits/{new_id()}", "PUT", body)
        assert (who, sent.status) == (who, OUT.get(who, 204 if who in may_visit else 404))
    assert ask("leader", "/walk/visits/{walk}", "PUT", body, Origin="http://elsewhere.org").status == 403
    assert ask("leader", "/walk/visits/{walk}", "PUT", body).status == 204
    for who in (*EVERYBODY, *OUTSIDE):
        for path, sent in (("/walk/visits/{walk}", body), ("/walk/visits/{walk}/photo", photo.getvalue())):
            answer = ask(who, path, "PUT", sent)
            assert (who, answer.status) == (who, OUT.get(who, 204 if who == "leader" else 404))
    cast.walks.pass_on(cast.owner, walk, "coach@school.org")
    kept = web.data / "walks" / walk / "photo.jpg"
    for who in (*EVERYBODY, *OUTSIDE):
        answer = ask(who, "/walks/{walk}/photo.jpg")
        expected = OUT.get(who, 200 if who in ("owner", "leader", "coach") else 404)
        assert (who, answer.status) == (who, expected)
        missing = visitors[who].ask(f"/walks/{'0' * 24}/photo.jpg")
        assert answer.status == 200 or (answer.status, answer.body) == (missing.status, missing.body)
    assert b"Whisperwood" in photo.getvalue()
    assert b"Whisperwood" not in kept.read_bytes()
    for wrong in (b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", photo.getvalue()[:200], b"GIF89a" + bytes(99)):
        other = new_id()
        assert visitors["leader"].ask(f"/walk/visits/{other}", "PUT", {}, body).status == 204
        refused = visitors["leader"].ask(f"/walk/visits/{other}/photo", "PUT", {}, wrong)
        assert (refused.status, refused.json["error"][:16]) == (400, "This is no photo")
        assert not (web.data / "walks" / other).exists()
    for wrong in (None, {}, said, said | {"ago": "x"}, said | {"ago": 0, "evidence": []}):
        answer = visitors["leader"].ask(f"/walk/visits/{new_id()}", "PUT", {}, json.dumps(wrong).encode())
        assert (answer.status, answer.json["error"][-1]) == (400, ".")
    for path in ("%00", "..%2f..%2fetc", "x" * 3000):
        assert visitors["leader"].ask(f"/walk/visits/{path}", "PUT", {}, body).status in (400, 404)
        assert visitors["owner"].ask(f"/walks/{path}/photo.jpg").status in (400, 404)
    left = web.data / "walks" / ("0" * 24)  # as of somebody who was killed at it
    left.mkdir()
    walks.sweep(cast.walks, web.data)
    assert (kept.is_file(), left.exists()) == (True, False)
    walks.remove(cast.walks, web.data, cast.owner, walk)
    assert (ask("owner", "/walks/{walk}/photo.jpg").status, kept.parent.exists()) == (404, False)


def _exif(words: str) -> Image.Exif:
    """As a camera writes it: where, and by whom."""
    found = Image.Exif()
    found[0x013B] = words
    found.get_ifd(0x8825)[2] = (59.0, 19.0, 58.0)
    return found


@pytest.mark.parametrize("who", [*EVERYBODY, *OUTSIDE])
def test_a_receipt_is_for_whom_it_was_given(there, who):
    _, cast, _, visitors = there
    visitor, deleted = visitors[who], cast.bring(f"deleted for {who}")
    cast.lessons.grant(cast.owner, deleted, "seeing@school.org", tuple(Grant))
    receipt = cast.lessons.delete(cast.owner, deleted, 3, 4_000_000).id
    answer = visitor.ask(f"/receipts/{receipt}")
    assert answer.status == (OUT | {"owner": 200}).get(who, 404)
    if who == "owner":
        assert f"deleted for {who}" in answer.text
        assert "3, 4.0 MB (4000000 bytes)" in answer.text
        assert answer.headers["content-disposition"] == f'attachment; filename="receipt-{receipt}.txt"'
    for name in ("0" * 24, deleted, "%00", ".."):
        assert visitor.ask(f"/receipts/{name}").status in ((401,) if who in OUTSIDE else (400, 404)), name


def test_what_is_made_of_a_transcript_is_kept_until_the_transcript_or_a_correction_is_another(there):
    _, cast, _, visitors = there
    recording, run = cast.ready("another")

    def asked(name):
        answer = visitors["owner"].ask(f"/recordings/{recording}/{name}")
        known = {"If-None-Match": answer.headers["etag"]}
        assert visitors["owner"].ask(f"/recordings/{recording}/{name}", headers=known).status == 304
        return answer.headers["etag"], answer.body

    seen = [[asked(name)] for name in ("captions.vtt", "ribbon.svg")]
    spans = tuple(u.span for u in lesson().transcript.utterances if u.speaker == "S2")
    cast.lessons.correct(cast.owner, recording, Correction(Kind.ROLE, spans, Role.TEACHER))
    for name, found in zip(("captions.vtt", "ribbon.svg"), seen, strict=True):
        found.append(asked(name))
    cast.jobs.retry(run, (Stage.WORDS,))
    for name, found in zip(("captions.vtt", "ribbon.svg"), seen, strict=True):
        assert asked(name)[1] == found[-1][1]  # what stands is shown until the new one does
    cast.listen(recording, lesson([said(0, 20, "S1", "All of it is another.")], duration=40.0))
    for name, found in zip(("captions.vtt", "ribbon.svg"), seen, strict=True):
        found.append(asked(name))
        assert len({etag for etag, _ in found}) == len({body for _, body in found}) == 3


@pytest.mark.parametrize("name", ["lesson.txt", "sound.wav", "..%2Fsound.wav", "original", "web.mp4.part", "*"])
def test_what_is_no_medium_is_not_there_for_anybody(there, name):
    _, _, recording, visitors = there
    for who, visitor in visitors.items():
        answer = visitor.ask(f"/recordings/{recording}/{name}")
        page = b"<title>Streamlit</title>" in answer.body  # a path that is no route is a page of the app
        assert answer.status in ((401,) if who in OUTSIDE else (200,) if page else (400, 404)), answer


@pytest.mark.parametrize("who", [*EVERYBODY, *OUTSIDE])
def test_pages_are_for_whoever_is_signed_in(there, who):
    web, _, _, visitors = there
    visitor = visitors[who]
    for path in PAGES:
        answer = visitor.ask(path, headers={"Accept": "text/html"})
        out = who in OUTSIDE and (who, path) != ("pass", "/upload")
        assert (path, answer.status) == (path, 303 if out else 200)
        if out:
            assert answer.headers["location"].startswith("/signin")
        elif path == "/account":
            assert f"{who}@school.org" in answer.text
            assert not [w for w in EVERYBODY if w != who and f"{w}@school.org" in answer.text]
    assert web.websocket(visitor.cookie, upload=visitor.ticket) == (403 if who in OUTSIDE else 101)
    assert web.websocket(visitor.cookie, "http://elsewhere.org", visitor.ticket) == 403
    for path, status in OPEN.items():
        expected = 200 if path == "/signin" and who in OUTSIDE else status
        assert (path, visitor.ask(path).status) == (path, expected)


@pytest.mark.parametrize("who", [*EVERYBODY, *OUTSIDE])
def test_the_parts_of_streamlit_that_nobody_needs_are_closed(there, who):
    _, _, _, visitors = there
    for path in CLOSED:
        for method in ("GET", "POST", "PUT", "DELETE"):
            assert visitors[who].ask(path, method, {"Accept": "text/html"}).status == 404, (path, method)


@pytest.mark.parametrize("origin", ["http://elsewhere.org", "http://[", "null", "https://127.0.0.1", None])
def test_nothing_is_changed_from_another_site(there, origin):
    web, _, recording, visitors = there
    owner = visitors["owner"].cookie
    fields = {"email": "owner@school.org", "password": "a long enough one", "everywhere": "1", "link": "x"}
    paths = ["/signin", "/signout", "/password", "/account", "/", f"/recordings/{recording}/web.mp4", "/ticket"]
    for path in (*paths, "/upload/lessons", "/upload/files", "/upload/nothing"):
        headers = {"Origin": origin} if origin else {"Origin": ""}
        assert web.ask(path, owner, headers=headers, form=fields).status == 403
    assert web.ask("/account", owner).status == 200  # still signed in


def test_signing_out_needs_a_form_of_ours_and_ends_that_session_alone(there):
    web, _, _, visitors = there
    other = web.sign_in("stranger@school.org").cookie
    web.ask("/signout", other)
    assert web.ask("/account", other).status == 200
    for who in OUTSIDE:
        assert visitors[who].ask("/signout", "POST").status == 401
    answer = web.ask("/signout", other, form={})
    assert (answer.status, answer.headers["location"]) == (303, "/signin")
    assert web.ask("/account", other, headers={"Accept": "text/html"}).status == 303
    assert web.websocket(other) == 403
    assert visitors["stranger"].ask("/account").status == 200


def test_everything_bears_the_headers_that_keep_it_from_other_sites(there):
    _, _, recording, visitors = there
    for path in ("/", "/signin", "/account", "/healthz", "/auth/login", f"/recordings/{recording}/web.mp4", "/nothing"):
        for who in ("owner", "nobody"):
            headers = visitors[who].ask(path).headers
            policy = headers["content-security-policy"]
            assert "unsafe-eval" not in policy
            assert "'unsafe-inline'" not in policy.partition("script-src")[2].partition(";")[0]
            assert "frame-ancestors 'none'" in policy
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "same-origin"
            assert "no-store" in headers["cache-control"] or "no-cache" in headers["cache-control"]
            assert "server" not in headers


TEACHERS = {"owner": 201, "colleague": 201, "stranger": 201}
NOT_TEACHERS = {"coach": 403, "leader": 403, "admin": 403}
SIGNED_IN = dict.fromkeys((*EVERYBODY, "pass"), 200)
THEIRS = dict.fromkeys((*OTHERS, "pass"), 404)
"""For whom another's upload is not there."""

SAID = {"name": "Fractions", "class": "Grade 5", "taught": "2025-11-03", "consent": True, "sizes": [10]}
PATCHED = {"Content-Type": TYPE, "Upload-Offset": "0"}
BROUGHT = [
    ("GET", "/upload/form", {}, None, SIGNED_IN),
    ("GET", "/upload/lessons", {}, None, SIGNED_IN),
    ("POST", "/upload/lessons", {}, SAID, TEACHERS | NOT_TEACHERS | {"pass": 409}),
    ("GET", "/upload/lessons/{upload}", {}, None, THEIRS | {"owner": 200}),
    ("POST", "/upload/lessons/{upload}/complete", {}, {"sha256": ["0" * 64]}, THEIRS | {"owner": 409}),
    ("OPTIONS", "/upload/files", {}, None, dict.fromkeys(SIGNED_IN, 204)),
    ("OPTIONS", "/upload/files/{file}", {}, None, dict.fromkeys(SIGNED_IN, 204)),
    ("POST", "/upload/files", {"Upload-Length": "10"}, None, THEIRS | {"owner": 201}),
    ("HEAD", "/upload/files/{file}", {}, None, THEIRS | {"owner": 200}),
    ("PATCH", "/upload/files/{file}", PATCHED, None, THEIRS | {"owner": 204}),
    ("DELETE", "/upload/files/{file}", {}, None, THEIRS | {"owner": 204}),
    ("DELETE", "/upload/lessons/{upload}", {}, None, THEIRS | {"owner": 204}),
    ("GET", "/upload/nothing", {}, None, dict.fromkeys(SIGNED_IN, 404)),
    ("PUT", "/upload/lessons/{upload}/nothing", {}, None, dict.fromkeys(SIGNED_IN, 404)),
]


def test_every_route_of_uploads_is_in_the_table():
    routes = {path.format(upload="{upload}", file="{file}") for _, path, *_ in BROUGHT}
    assert routes >= UPLOADS - {"/upload/{rest:path}"}


@pytest.mark.parametrize(("method", "path", "headers", "said", "answers"), BROUGHT)
def test_a_lesson_on_its_way_is_its_owners_alone(there, method, path, headers, said, answers):
    _, cast, _, visitors = there
    owner, before = visitors["owner"], {begun.id for begun in cast.uploads.standing()}
    upload = owner.upload(10)
    url = owner.part(upload, 10)
    told = metadata({"upload": upload, "position": "0", "filename": "a.mp4", "fingerprint": "print 0 10"})
    sent = {"Tus-Resumable": "1.0.0", "Upload-Metadata": told} | headers
    body = json.dumps(said).encode() if said else b"" if method == "PATCH" else None
    for who in (*OUTSIDE, *OTHERS, "owner"):
        where = path.format(upload=upload, file=url.rpartition("/")[2])
        answer = visitors[who].ask(where, method, sent, body)
        assert (who, answer.status) == (who, (OUT | answers)[who]), answer
        if answer.status >= 400 and method != "HEAD":
            assert list(answer.json) == ["error"]
        if answer.status == 404 and "{" in path:
            gone = visitors[who].ask(path.format(upload="0" * 24, file="0" * 24), method, sent, body)
            assert (gone.status, gone.body) == (answer.status, answer.body)
        if who not in ("owner", "nobody"):
            assert upload not in answer.text
    for begun in cast.uploads.standing():
        if begun.id not in before:
            cast.uploads.remove(begun.owner, begun.id)


@pytest.mark.parametrize("who", [*EVERYBODY, *OUTSIDE])
def test_a_code_that_is_none_is_none_for_everybody(there, who):
    _, _, _, visitors = there
    for code in ("x" * 43, *(visitors[phone].ticket for phone in PHONES)):
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = visitors[who].ask("/ticket", "POST", form, f"code={code}".encode())
        assert (answer.status, "set-cookie" in answer.headers) == (410, False)


def test_a_published_clip_is_for_the_teachers_and_coaches_of_its_school(there):
    web, cast, recording, visitors = there
    (school,) = cast.cycles.schools(cast.cast["coach"])
    cast.cycles.coach_so(cast.cast["coach"], replace(school, covers_faces=False))
    of = "5b"
    cast.lessons.describe(cast.owner, recording, of, date(2020, 9, 1), ())
    (period,) = (one for one in cast.consents.classes(cast.owner) if one.name == of)
    cast.consents.write(cast.owner, period.id, Agreed.SCHOOL, date(2020, 8, 1), date(2021, 7, 31), "")
    clip = cast.lessons.clip(cast.owner, recording, NewClip(0.0, 5.0, "Waits"))
    exemplar = cast.exemplars.publish(cast.owner, NewExemplar(clip, school.id, "Waits", "How long?"))
    film = web.data / "recordings" / recording / "handouts" / ("a" * 24) / "clip.mp4"
    film.parent.mkdir(parents=True)
    film.write_bytes(b"film")
    cast.handouts.order_given()
    id = cast.exemplars.one(cast.owner, exemplar).film.id
    with cast.database.write() as session:
        made = {"state": Making.READY, "path": str(film.relative_to(web.data)), "size": 4}
        session.execute(update(HandoutRow).where(HandoutRow.id == id).values(made))
    colleagues = {"owner", "colleague", "coach", "seeing", "measuring", "former", "returned"}

    def ask(who: str, name: str, of: str = exemplar):
        return visitors[who].ask(f"/exemplars/{of}/{name}")

    for who in (*EVERYBODY, *OUTSIDE):
        for name in ("film.mp4", "captions.vtt"):
            answer = ask(who, name)
            assert (who, name, answer.status) == (who, name, OUT.get(who, 200 if who in colleagues else 404))
            missing = ask(who, name, "0" * 24)
            assert answer.status == 200 or (answer.status, answer.body) == (missing.status, missing.body)
    assert ask("coach", "film.mp4").body == b"film"
    assert "owner" not in ask("coach", "captions.vtt").text
    for path in ("%00", "..%2f..%2fetc", "x" * 3000):
        assert ask("coach", "film.mp4", path).status in (400, 404)
    cast.exemplars.withdraw(cast.owner, exemplar)
    for who in colleagues:
        assert ask(who, "film.mp4").status == (200 if who == "owner" else 404)
    film.unlink()
    assert ask("owner", "film.mp4").status == 404
