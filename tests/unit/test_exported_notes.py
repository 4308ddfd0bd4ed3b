"""Comments as other programs read them."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime

from coaching.comments import Audience, Comment
from coaching.exports.notes import comments_csv, web_annotations

FILM = "https://hill.example/recordings/ab/web.mp4"
MADE = datetime(2026, 11, 26, 10, tzinfo=UTC)


def comment(id: str, body: str = "Look.", **more) -> Comment:
    said = {"start": 12.5, "stop": None, "audience": Audience.LESSON, "made": MADE} | more
    return Comment(id=id, author="a", called="Maya, <M>", body=body, **said)


NOTES = [
    comment("1", "=1+1", labels=("Pace", "Wait time"), resolved=MADE),
    comment("2", "And\nthen “so”?", stop=40.0, audience=Audience.AUTHOR, edited=MADE),
    comment("3", "Yes.", parent="1"),
    comment("4", "", deleted=True),
]


def test_a_spreadsheet_reads_every_comment_and_runs_none():
    rows = list(csv.DictReader(io.StringIO(comments_csv(NOTES))))
    assert [row["id"] for row in rows] == ["1", "2", "3"]
    assert not rows[0]["text"].startswith("=")
    assert (rows[0]["labels"], rows[0]["time"], rows[0]["end_s"]) == ("Pace; Wait time", "0:12", "")
    assert (rows[1]["text"], rows[1]["end_s"], rows[1]["readers"]) == ("And then “so”?", "40.000", "author")
    assert (rows[2]["answers"], rows[2]["author"]) == ("1", "Maya, <M>")


def test_annotations_are_of_fragments_of_the_film_as_the_w3c_writes_them():
    page = json.loads(web_annotations(NOTES, FILM))
    assert (page["@context"], page["type"]) == ("http://www.w3.org/ns/anno.jsonld", "AnnotationPage")
    moment, stretch, answer = page["items"]
    assert moment["target"]["source"] == FILM
    assert moment["target"]["selector"] == {
        "type": "FragmentSelector",
        "conformsTo": "http://www.w3.org/TR/media-frags/",
        "value": "t=12.5",
    }
    assert stretch["target"]["selector"]["value"] == "t=12.5,40"
    assert [body["value"] for body in moment["body"]] == ["=1+1", "Pace", "Wait time"]
    assert [body["purpose"] for body in moment["body"]] == ["commenting", "tagging", "tagging"]
    assert (answer["motivation"], answer["target"]) == ("replying", moment["id"])
    assert (stretch["modified"], "modified" in moment) == (MADE.isoformat(), False)
