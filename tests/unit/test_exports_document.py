"""lesson.json: what is in it, and that nothing is lost on the way there and back."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import lessons
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coaching.errors import BadInput
from coaching.exports.document import SCHEMA, from_document, from_json, to_document, to_json
from coaching.metrics import measure_lesson
from coaching.metrics.question_kinds import Kind
from coaching.spans import Span
from coaching.transcript import Speaker, Told, Transcript, Utterance, Word


def test_the_document_is_keyed_as_documented() -> None:
    document = to_document(lessons.lesson())
    assert document["schema"] == SCHEMA == 1
    assert list(document) == [
        "schema", "recording", "engines", "quality", "roles", "speech_activity", "ribbon", "activity", "speakers",
        "utterances", "turns", "questions", "told", "measures", "checked", "limits", "stages",
    ]  # fmt: skip
    assert document["recording"]["duration_s"] == 60.0
    assert document["speakers"][1] == {
        "id": "S2", "role": "student", "name": "Student 1", "given_name": None, "seconds": 6.2,
    }  # fmt: skip
    assert document["utterances"][3] == {
        "id": "u4", "start": 16.5, "end": 17.5, "speaker": "S3", "text": "Fifths.", "confidence": 0.31, "words": [],
    }  # fmt: skip
    assert document["questions"][0]["utterance"] == "u1"
    assert document["questions"][0]["kind"] == "open"


def test_the_ribbon_says_who_had_the_air_in_every_ten_seconds() -> None:
    bars = to_document(lessons.lesson())["ribbon"]
    assert len(bars) == 6
    # 20-30 s: S2 21-25; S1 26-30, of which S2 has 26.4-27.1 too; nobody 20-21 and 25-26.
    assert bars[2] == {
        "start": 20.0, "end": 30.0, "teacher": 3.3, "student": 4.0, "several": 0.7, "silence": 2.0, "unknown": 0.0,
    }  # fmt: skip


def test_kinds_stay_away_where_the_words_do_not_carry_them() -> None:
    unsure = to_document(lessons.lesson(quality=replace(lessons.CLEAR, unsure=0.9)))
    assert (
        [q["text"] for q in unsure["questions"]]
        == [q["text"] for q in to_document(lessons.lesson())["questions"]]
        != []
    )
    assert {(q["kind"], q["decided_by"]) for q in unsure["questions"]} == {(None, None)}


def test_what_a_person_said_of_questions_is_read_back_and_one_without_it_is_read_too() -> None:
    found = lessons.lesson()
    told = (Told(Span(3.0, 5.0), "reason"), Told(Span(14.0, 16.0), ""))
    document = to_document(replace(found, transcript=replace(found.transcript, told=told)))
    assert from_document(document).transcript.told == told
    assert from_document({k: v for k, v in document.items() if k != "told"}).transcript.told == ()
    with pytest.raises(BadInput):
        from_document({**document, "told": [{"start": 3.0, "end": 5.0, "kind": "clever"}]})


def test_questions_stay_away_where_their_number_does() -> None:
    french = to_document(lessons.lesson(language="fr"))
    assert next(m["value"] for m in french["measures"] if m["name"] == "questions") is None
    assert french["questions"] == []


def test_turns_name_their_utterances() -> None:
    document = to_document(lessons.long_lesson(5))
    said = {u["id"]: u for u in document["utterances"]}
    assert [u for t in document["turns"] for u in t["utterances"]] == list(said)
    for turn in document["turns"]:
        assert {said[u]["speaker"] for u in turn["utterances"]} == {turn["speaker"]}


def test_speech_activity_is_where_somebody_speaks() -> None:
    # S1 26-30 holds S2 26.4-27.1; S1 46-54 and S3 52-54.5 are one stretch.
    activity = to_document(lessons.lesson())["speech_activity"]
    assert activity[-1] == {"start": 46.0, "end": 54.5}
    assert sum(a["end"] - a["start"] for a in activity) == pytest.approx(6 + 1.5 + 2 + 1 + 1.5 + 4 + 4 + 4 + 3 + 8.5)


@pytest.mark.parametrize(
    "made", [lessons.lesson(), lessons.long_lesson(5), lessons.hostile()], ids=["drawn", "long", "harm"]
)
def test_nothing_is_lost_on_the_way_there_and_back(made) -> None:
    assert from_document(json.loads(json.dumps(to_document(made)))) == made


def test_json_is_text_that_a_file_can_hold() -> None:
    text = to_json(lessons.hostile())
    text.encode("utf-8")
    assert "NaN" not in text
    assert from_json(to_json(lessons.lesson())) == lessons.lesson()


@settings(max_examples=60, deadline=None)
@given(
    texts=st.lists(st.text(max_size=40), min_size=1, max_size=12),
    gaps=st.lists(st.floats(0.5, 20, allow_nan=False), min_size=12, max_size=12),
    sure=st.one_of(st.none(), st.floats(0, 1)),
)
def test_any_lesson_comes_back_and_measures_the_same(texts: list[str], gaps: list[float], sure: float | None) -> None:
    now, spoken = 0.0, []
    for n, text in enumerate(texts):
        now += gaps[n]
        word = (Word(text, Span(now, now + 1), sure),) if n % 2 else ()
        spoken.append(Utterance(Span(now, now + 1.5), f"S{n % 3 + 1}", text, sure, word))
        now += 1.5
    made = lessons.lesson(spoken, duration=now + 1)
    back = from_document(json.loads(json.dumps(to_document(made))))
    assert back == made
    assert measure_lesson(back.transcript, back.quality) == made.measures


def test_a_newer_schema_is_refused_with_what_to_do() -> None:
    document = to_document(lessons.lesson()) | {"schema": 2}
    with pytest.raises(BadInput, match=r"has schema 2.*reads 1.*Update"):
        from_document(document)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", "null", '{"schema": 1}', '{"schema": 1, "recording": 3}'])
def test_what_is_no_lesson_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match=r"lesson\.json"):
        from_json(text)


@pytest.mark.parametrize("start", ["[", '{"a":'])
def test_what_is_nested_too_deep_is_refused(start: str) -> None:
    with pytest.raises(BadInput, match=r"lesson\.json"):
        from_json(start * 100_000)


def test_a_damaged_utterance_is_refused() -> None:
    document = to_document(lessons.lesson())
    document["utterances"][0]["end"] = -1.0
    with pytest.raises(BadInput, match="damaged"):
        from_document(document)


def test_a_given_name_stays_apart_from_the_name_that_is_shown() -> None:
    made = lessons.lesson()
    named = replace(made.transcript.speakers[0], name="Ms Okafor")
    transcript = Transcript(60.0, (named, *made.transcript.speakers[1:]), made.transcript.utterances, "en")
    document = to_document(replace(made, transcript=transcript))
    assert [s["name"] for s in document["speakers"]] == ["Ms Okafor", "Student 1", "Student 2"]
    assert from_document(document).transcript.speakers[0] == Speaker("S1", named.role, "Ms Okafor")


def test_every_key_is_documented() -> None:
    text = (Path(__file__).parents[2] / "docs" / "lesson-json.md").read_text(encoding="utf-8")
    missing: set[str] = set()

    def look(value: object, inside: str) -> None:
        if isinstance(value, dict):
            missing.update(key for key in value if inside not in ("components", "stages") and f"`{key}`" not in text)
            for key, item in value.items():
                look(item, key)
        elif isinstance(value, list):
            for item in value:
                look(item, inside)

    document = to_document(lessons.lesson())
    look(document, "")
    assert missing == set()
    assert [m["name"] for m in document["measures"] if f"`{m['name']}`" not in text] == []
    assert [kind.value for kind in Kind if f"`{kind.value}`" not in text] == []
