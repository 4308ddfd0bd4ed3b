"""The routes of the review stage, asked by everybody of the cast."""

from __future__ import annotations

import http.client
import json
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pysubs2
import pytest
import webvtt
from matrix import EVERYBODY, OUT, OUTSIDE, REVIEW
from matrix import there as there
from web import PATIENCE_S, served

from coaching.access import Grant
from coaching.clips import NewClip
from coaching.comments import Audience, NewComment
from coaching.corrections import Correction, Kind
from coaching.exports import document
from coaching.exports.files import TEXTS
from coaching.handouts import Made, Order
from coaching.spans import Span
from models.tables import KeptFilmRow

pytestmark = pytest.mark.xdist_group("matrix")

SEEING = ("owner", "seeing", "measuring", "returned")
MEASURING = ("owner", "measuring", "returned")
COMMENTING = ("owner", "returned")
"""Who was given it, and is a colleague now: `returned` has everything."""

COMMENT = {"start": 1.0, "body": "Look here.", "audience": "lesson"}
CLIP = {"start": 1.0, "stop": 2.0, "name": "Look here"}
TABLE = (
    ("GET", "lesson.json", None, SEEING, 200),
    ("GET", "notes.json", None, SEEING, 200),
    ("GET", "views.json", None, SEEING, 200),
    ("GET", "events", None, SEEING, 200),
    ("GET", "comments.csv", None, COMMENTING, 200),
    ("GET", "comments.jsonld", None, COMMENTING, 200),
    ("POST", "comments", COMMENT, COMMENTING, 201),
    ("PATCH", "comments/{comment}", {"body": "Look there."}, ("owner",), 204),
    ("POST", "clips", CLIP, COMMENTING, 201),
    ("GET", "kept/{clip}.mp4", None, SEEING, 200),
    ("PATCH", "clips/{clip}", {"name": "Look there"}, ("owner",), 204),
    ("POST", "corrections", {"kind": "name", "voice": "S2", "text": "Ada"}, ("owner",), 201),
    ("DELETE", "corrections/{correction}", None, ("owner",), 204),
    ("GET", "calibration.json", None, ("owner",), 200),
    ("PUT", "calibration", {"of": "", "clip": 0, "said": "teacher"}, ("owner",), 204),
    ("DELETE", "calibration", None, ("owner",), 204),
    *((("GET", f"exports/{name}", None, COMMENTING, 200)) for name in TEXTS),
    ("GET", "exports/report.html", None, (), 404),
    ("GET", "handouts.json", None, COMMENTING, 200),
    ("POST", "handouts", {"kind": "report"}, COMMENTING, 201),
    ("GET", "handouts/{handout}", None, ("owner",), 200),
    ("DELETE", "handouts/{handout}", None, ("owner",), 204),
    ("PUT", "watched", {"place": 1.0, "spans": [[0, 1]]}, SEEING, 204),
    ("GET", "insights.json", None, MEASURING, 200),
    ("GET", "trend.json", None, ("owner",), 200),
    ("PUT", "predictions", {"measure": "teacher_talk", "value": 50}, ("owner",), 204),
)


def test_every_route_of_the_review_is_in_the_table():
    paths = {re.sub("exports/.*", "exports/{name}", path) for _, path, *_ in TABLE}
    assert {f"/recordings/{{recording}}/{path}" for path in paths} == REVIEW


@pytest.fixture
def noted(there):
    """What the owner noted, for all who see the lesson; a clip of it is all that `colleague` was given."""
    web, cast, recording, _ = there
    made = cast.lessons.comment(cast.owner, recording, NewComment(1.0, "Mine.", audience=Audience.LESSON))
    clip = cast.lessons.clip(cast.owner, recording, NewClip(1.0, 2.0, "Mine", audience=Audience.LESSON))
    cast.lessons.give_clips(cast.owner, recording, "colleague@school.org", [clip])
    film = f"recordings/{recording}/handouts/{clip}/clip.mp4"
    (web.data / film).parent.mkdir(parents=True)
    (web.data / film).write_text("film")
    with cast.database.write() as session:
        session.add(KeptFilmRow(clip_id=clip, recording_id=recording, start=1.0, stop=2.0, path=film, size=4))
    name = Correction(Kind.NAME, (Span(0.0, 1.0),), text="Ada")
    kept = {"comment": made, "clip": clip, "correction": cast.lessons.correct(cast.owner, recording, name)}
    return kept | {"handout": made_ready(cast, web.data, recording)}


def made_ready(cast, data, recording) -> str:
    """The owner's report, as a worker made it."""
    cast.handouts.ask(cast.owner, recording, Order(Made.REPORT))
    while (errand := cast.handouts.claim("worker-1")) is not None and errand.person != cast.owner:
        pass  # what others asked for in other tests
    path = f"recordings/{recording}/handouts/{errand.token}/report.html"
    (data / path).parent.mkdir(parents=True)
    (data / path).write_text("0123456789")
    assert cast.handouts.finish(errand, path, 10)
    return errand.id


@pytest.mark.parametrize(("method", "path", "said", "who_may", "status"), TABLE)
def test_what_is_noted_is_for_those_to_whom_it_was_given(there, noted, method, path, said, who_may, status):
    web, _, recording, visitors = there
    if (method, path) == ("PUT", "calibration"):
        said = said | {"of": visitors["owner"].ask(f"/recordings/{recording}/calibration.json").json["of"]}
    body, headers = json.dumps(said).encode() if said else None, {"Content-Type": "application/json"}
    for who in (*EVERYBODY, *OUTSIDE):
        visitor, ways = visitors[who], f"/recordings/{{}}/{path.format(**noted)}"
        if path == "events":
            answered = began(web, ways.format(recording), visitor.cookie)
        else:
            answered = visitor.ask(ways.format(recording), method, headers, body).status
        others_own = path.startswith(("comments/", "clips/")) and who == "returned"
        expected = (OUT | dict.fromkeys(who_may, status) | ({who: 400} if others_own else {})).get(who, 404)
        assert (who, answered) == (who, expected)
        missing = visitor.ask(ways.format("0" * 24), method, headers, body)
        assert missing.status == OUT.get(who, 404)
    for wrong in ("http://elsewhere.org", ""):
        asked = {**headers, "Origin": wrong}
        if method != "GET":
            assert visitors["owner"].ask(ways.format(recording), method, asked, body).status == 403


def test_a_handout_is_fetched_by_range_as_a_file_to_keep_until_it_may_not_be(there, noted):
    _, cast, recording, visitors = there
    path = f"/recordings/{recording}/handouts/{noted['handout']}"
    whole = visitors["owner"].ask(path)
    assert (whole.status, whole.text) == (200, "0123456789")
    assert whole.headers["content-disposition"].startswith('attachment; filename="')
    assert whole.headers["cache-control"] == "private, no-store"
    part = visitors["owner"].ask(path, headers={"Range": "bytes=2-4"})
    assert (part.status, part.text) == (206, "234")
    (told,) = (
        one for one in visitors["owner"].ask(f"/recordings/{recording}/handouts.json").json["handouts"] if one["href"]
    )
    assert (told["href"], told["state"], told["size"], told["share"]) == (path, "ready", 10, 1.0)
    assert "path" not in told
    cast.handouts.take_away(cast.owner, recording, noted["handout"])
    assert visitors["owner"].ask(path).status == 404


def test_texts_are_of_the_lesson_as_it_is_now_and_measures_are_for_whom_they_are(there):
    _, cast, recording, visitors = there
    cast.lessons.rename(cast.owner, recording, "Größer: 1/2 “wider”?\n.")
    said = Correction(Kind.TEXT, (Span(8.5, 10.0),), text="They have another number on top.")
    correction = cast.lessons.correct(cast.owner, recording, said)
    read = {name: visitors["owner"].ask(f"/recordings/{recording}/exports/{name}") for name in TEXTS}
    for name, answer in read.items():
        named = re.compile(r"""attachment; filename="([ -~]+)"; filename\*=UTF-8''([\w.%~-]+)""")
        plain, kept = named.fullmatch(answer.headers["content-disposition"]).groups()
        assert (plain.endswith(name), kept.endswith(name), "/" in plain, '"' in plain) == (True, True, False, False)
        assert ("another number on top" in answer.text) == (name not in ("speakers.rttm", "measures.csv")), name
    assert document.from_json(read["lesson.json"].text).recording.name.startswith("Größer")
    assert len(webvtt.from_string(read["transcript.vtt"].text)) > 5
    assert len(pysubs2.SSAFile.from_string(read["transcript.srt"].text)) > 5
    cast.lessons.grant(cast.owner, recording, "seeing@school.org", [Grant.DOWNLOAD])
    for name, file in TEXTS.items():
        answer = visitors["seeing"].ask(f"/recordings/{recording}/exports/{name}")
        assert answer.status == (404 if file.measured else 200)
        assert file.measured or answer.body == read[name].body
    order = {"kind": "portfolio", "clips": ["0" * 24], "comments": True, "measures": True}
    for asked in ({"kind": "report"}, order):
        body = json.dumps(asked).encode()
        assert visitors["seeing"].ask(f"/recordings/{recording}/handouts", "POST", {}, body).status == 404
    cast.lessons.take_back_grant(cast.owner, recording, cast.cast["seeing"], [Grant.DOWNLOAD])
    cast.lessons.take_back(cast.owner, recording, correction)


@pytest.mark.parametrize(
    "said",
    [
        None,
        [],
        {"kind": "film"},
        {"kind": "given"},
        {"kind": "clip"},
        {"kind": "clip", "clip": 5},
        {"kind": "clip", "clip": "a", "captions": "loud"},
        {"kind": "portfolio", "clips": "x"},
        {"kind": "portfolio", "clips": []},
        {"kind": "portfolio", "clips": ["a"], "comments": "yes"},
    ],
)
def test_what_is_no_order_is_refused_in_a_sentence(there, said):
    _, _, recording, visitors = there
    answer = visitors["owner"].ask(f"/recordings/{recording}/handouts", "POST", {}, json.dumps(said).encode())
    assert (answer.status, answer.json["error"][-1]) == (400, ".")


def began(web, path: str, cookie: str) -> int:
    """How an answer begins that does not end."""
    connection = http.client.HTTPConnection("127.0.0.1", int(web.url.rpartition(":")[2]), timeout=PATIENCE_S)
    try:
        connection.request("GET", path, headers={"Cookie": f"secondlook_session={cookie}", "Accept": "*/*"})
        return connection.getresponse().status
    finally:
        connection.close()


def test_the_address_of_the_film_is_where_people_reach_it(there):
    _, cast, recording, visitors = there
    cast.lessons.comment(cast.owner, recording, NewComment(2.0, "Did you see?"))
    notes = visitors["owner"].ask(f"/recordings/{recording}/comments.jsonld").json["items"]
    film = f"https://coaching.hill.org/recordings/{recording}/web.mp4"
    assert {one["target"]["source"] for one in notes} == {film}


def test_who_may_see_but_not_measure_is_told_no_measure(there):
    _, _, recording, visitors = there
    told = {who: visitors[who].ask(f"/recordings/{recording}/lesson.json").json for who in ("seeing", "measuring")}
    assert [told["seeing"][what] for what in ("ribbon", "questions", "waits", "limits")] == [None, None, None, []]
    assert told["measuring"]["ribbon"]
    assert told["measuring"]["questions"]
    assert told["seeing"]["blocks"] == told["measuring"]["blocks"]
    assert (told["seeing"]["viewer"]["may"], told["measuring"]["viewer"]["may"]) == (["see"], ["measure", "see"])


@pytest.mark.parametrize(
    "said",
    [None, [], {}, {"start": "1", "body": "a"}, {"start": 1, "body": 5}, {"start": 1e999, "body": "a"}]
    + [
        {"start": 1, "body": "a", key: value}
        for key, value in (("stop", True), ("audience", "all"), ("labels", "Pace"))
    ]
    + [{"start": 1, "body": "a", key: 7} for key in ("parent", "labels", "id")]
    + [{"start": 10**400, "body": "a"}, {"start": 1, "body": "x" * 5001}, {"start": 1, "body": "\x00"}],
)
def test_what_is_no_comment_is_refused_in_a_sentence(there, said):
    _, cast, recording, visitors = there
    before = cast.lessons.noted(cast.owner, recording)
    answer = visitors["owner"].ask(f"/recordings/{recording}/comments", "POST", {}, json.dumps(said).encode())
    assert answer.status == 400
    assert answer.json["error"].endswith(".")
    assert cast.lessons.noted(cast.owner, recording) == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"clip": 40},
        {"clip": -1},
        {"clip": 1.0},
        {"clip": True},
        {"said": "me"},
        {"said": None},
        {"of": "0" * 64},
        {"of": 1},
    ],
)
def test_what_is_no_answer_to_a_clip_is_refused_in_a_sentence(there, wrong):
    _, cast, recording, visitors = there
    of = visitors["owner"].ask(f"/recordings/{recording}/calibration.json").json["of"]
    before = cast.lessons.heard(cast.owner, recording)
    said = json.dumps({"of": of, "clip": 0, "said": "nobody"} | wrong).encode()
    answer = visitors["owner"].ask(f"/recordings/{recording}/calibration", "PUT", {}, said)
    assert (answer.status, answer.json["error"][-1]) == (400, ".")
    assert cast.lessons.heard(cast.owner, recording) == before


def test_nothing_is_told_of_what_the_machine_thinks_of_a_clip(there):
    _, _, recording, visitors = there
    told = visitors["owner"].ask(f"/recordings/{recording}/calibration.json").json
    assert len(told.pop("said")) == len(told["clips"]) > 30
    assert not [who for who in ("teacher", "student", "several", "nobody") if who in json.dumps(told).lower()]


def test_an_open_page_hears_of_a_comment_at_once_and_of_the_end(there):
    web, cast, recording, visitors = there
    coach = "seeing"
    connection = http.client.HTTPConnection("127.0.0.1", int(web.url.rpartition(":")[2]), timeout=PATIENCE_S)
    headers = {"Cookie": f"secondlook_session={visitors[coach].cookie}"}
    connection.request("GET", f"/recordings/{recording}/events", headers=headers)
    stream = connection.getresponse()
    assert stream.headers["x-accel-buffering"] == "no"
    assert stream.readline() == b"retry: 500\n"
    notes = visitors[coach].ask(f"/recordings/{recording}/notes.json")
    known = {"If-None-Match": notes.headers["etag"]}
    assert visitors[coach].ask(f"/recordings/{recording}/notes.json", headers=known).status == 304
    cast.lessons.comment(cast.owner, recording, NewComment(2.0, "Did you see?"))
    assert heard(stream) == "notes"
    again = visitors[coach].ask(f"/recordings/{recording}/notes.json", headers=known)
    assert "Did you see?" in again.text
    before = json.loads(notes.text)
    changed = visitors[coach].ask(f"/recordings/{recording}/notes.json?since={before['newest']}", headers=known)
    news = json.loads(changed.text)
    assert news["count"] == before["count"] + 1 == len(json.loads(again.text)["comments"])
    assert "Did you see?" in [one["body"] for one in news["comments"]]
    for wrong in ("", "now", "nan", "1e999"):
        refused = visitors[coach].ask(f"/recordings/{recording}/notes.json?since={wrong}")
        assert refused.status == 400
        assert "number of seconds" in refused.text
    cast.lessons.take_back_grant(cast.owner, recording, cast.cast[coach])
    assert heard(stream) == "gone"
    connection.close()
    cast.lessons.grant(cast.owner, recording, f"{coach}@school.org", [Grant.SEE])


def test_what_changed_while_the_browser_renewed_its_stream_is_told(there):
    web, cast, recording, visitors = there

    @contextmanager
    def stream(**headers: str) -> Iterator[Iterator[str]]:
        connection = http.client.HTTPConnection("127.0.0.1", int(web.url.rpartition(":")[2]), timeout=PATIENCE_S)
        headers |= {"Cookie": f"secondlook_session={visitors['owner'].cookie}"}
        connection.request("GET", f"/recordings/{recording}/events", headers=headers)
        yield (line.decode().strip() for line in connection.getresponse())
        connection.close()

    def word(lines: Iterator[str]) -> str:
        return next(line for line in lines if line.startswith("id: ")).removeprefix("id: ")

    with stream() as lines:
        known = word(lines)
    said = Correction(Kind.TEXT, (Span(8.5, 10.0),), text="They have another number on top.")
    made = cast.lessons.correct(cast.owner, recording, said)
    with stream(**{"Last-Event-ID": known}) as lines:
        known = word(lines)
        assert next(line for line in lines if line) == "event: lesson"
    with stream(**{"Last-Event-ID": known}) as lines:
        assert (word(lines), next(lines)) == (known, "")
        cast.lessons.take_back(cast.owner, recording, made)
        assert next(line for line in lines if line.startswith("event")) == "event: lesson"


@pytest.mark.parametrize("who", [*EVERYBODY, *OUTSIDE])
def test_templates_for_comments_are_for_whose_they_are(there, who):
    _, cast, _, visitors = there
    visitor, coach = visitors[who], cast.cast["coach"]
    theirs = cast.templates.keep(coach, "Whisperwood: what made this pause possible?")
    said = json.dumps({"body": f" Text of {who} "}).encode()
    made = visitor.ask("/templates", "POST", {}, said)
    assert made.status == OUT.get(who, 201)
    seen = visitor.ask("/templates")
    assert (seen.status, "Whisperwood" in seen.text) == (OUT.get(who, 200), who == "coach")
    if who in OUTSIDE:
        assert visitor.ask(f"/templates/{theirs.id}", "DELETE").status == 401
        return
    assert made.json == {"id": made.json["id"], "body": f"Text of {who}"}
    assert made.json in seen.json["templates"]
    for wrong in ({}, {"body": 5}, {"body": " "}, {"body": "x" * 501}, {"body": "\x00"}, []):
        refused = visitor.ask("/templates", "POST", {}, json.dumps(wrong).encode())
        assert (refused.status, refused.json["error"][-1]) == (400, ".")
    for origin in ("http://elsewhere.org", ""):
        assert visitor.ask("/templates", "POST", {"Origin": origin}, said).status == 403
        assert visitor.ask(f"/templates/{made.json['id']}", "DELETE", {"Origin": origin}).status == 403
    others = visitor.ask(f"/templates/{theirs.id}", "DELETE")
    missing = visitor.ask(f"/templates/{'0' * 24}", "DELETE")
    assert (others.status, missing.status) == (204 if who == "coach" else 404, 404)
    if who != "coach":
        assert others.body == missing.body
        assert theirs in cast.templates.mine(coach)
    assert visitor.ask(f"/templates/{made.json['id']}", "DELETE").status == 204
    assert visitor.ask("/templates").json["templates"] == []


def test_a_server_that_stops_waits_for_nobody_who_waits_for_news(there, tmp_path):
    _, cast, recording, visitors = there
    with served(tmp_path / "data", cast.url) as web:
        connection = http.client.HTTPConnection("127.0.0.1", int(web.url.rpartition(":")[2]), timeout=PATIENCE_S)
        headers = {"Cookie": f"secondlook_session={visitors['owner'].cookie}"}
        connection.request("GET", f"/recordings/{recording}/events", headers=headers)
        assert connection.getresponse().readline() == b"retry: 500\n"
        web.stop(signal.SIGINT)
        assert '"error"' not in web.log
        connection.close()


def heard(stream) -> str:
    while not (line := stream.readline().decode()).startswith("event:"):
        assert line, "the stream has ended"
    return line.partition(":")[2].strip()


def test_what_is_put_right_is_measured_again_and_said_and_can_be_undone(there):
    _, _, recording, visitors = there
    owner, path = visitors["owner"], f"/recordings/{recording}"

    def told():
        return owner.ask(f"{path}/lesson.json").json

    def correct(**wish):
        answer = owner.ask(f"{path}/corrections", "POST", {}, json.dumps(wish).encode())
        assert answer.status == 201, answer.text
        made.append(answer.json["id"])
        return answer.json["what"]

    made: list[str] = []
    before = told()
    kept = [one["id"] for one in before["corrections"]]
    asked = before["questions"][0]
    assert correct(kind="question", spans=[[asked["start"], asked["end"]]], text="").startswith("No question at ")
    assert len(told()["questions"]) == len(before["questions"]) - 1
    assert correct(kind="question", spans=[[asked["start"], asked["end"]]], text="reason").startswith("Another kind")
    again = told()["questions"][0]
    assert (again["kind"], again["label"], again["corrected"]) == ("reason", "Press for reasoning", True)
    block = before["blocks"][0]
    first = block["utterances"][0]
    correct(kind="text", spans=[[first["start"], first["end"]]], text="All is otherwise.")
    rewritten = told()["blocks"][0]["utterances"][0]
    assert (rewritten["text"], rewritten["corrected"]) == ("All is otherwise.", True)
    others = visitors["seeing"].ask(f"{path}/lesson.json").json
    assert (others["blocks"][0]["utterances"][0], others["corrections"]) == (rewritten, [])
    assert correct(kind="voice", spans=[[first["start"], first["end"]]]) == "Somebody else spoke at 0:00."
    voices = {speaker["id"] for speaker in told()["speakers"]}
    (new,) = voices - {speaker["id"] for speaker in before["speakers"]}
    assert told()["blocks"][0]["speaker"] == new
    correct(kind="name", voice=new, text="Ada")
    correct(kind="merge", voice=block["speaker"], other=new)
    assert {speaker["id"] for speaker in told()["speakers"]} == voices - {new}
    assert [one["id"] for one in told()["corrections"]] == kept + made
    for one in made:
        assert owner.ask(f"{path}/corrections/{one}", "DELETE").status == 204
    after = told()
    assert {k: v for k, v in after.items() if k != "place"} == {k: v for k, v in before.items() if k != "place"}
    for wrong in ({"kind": "name", "voice": "nobody", "text": "Ada"}, {"kind": "all"}, {"kind": "text", "text": "a"}):
        answer = owner.ask(f"{path}/corrections", "POST", {}, json.dumps(wrong).encode())
        assert (answer.status, answer.json["error"][-1]) == (400, ".")
    seeing = visitors["seeing"].ask(f"{path}/lesson.json").json
    assert (seeing["corrections"], seeing["not_carried"]) == ([], [])
