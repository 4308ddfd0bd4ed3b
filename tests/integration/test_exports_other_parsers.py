"""Every export read by somebody else's parser, and compared with the lesson it was made of."""

from __future__ import annotations

import csv
import io
import json
from html import unescape

import lessons
import pympi
import pysubs2
import pytest
import webvtt
from pyannote.core import Segment
from pyannote.database.util import load_rttm

from coaching.exports import captions, elan, rttm, tables
from coaching.exports.document import to_json
from coaching.exports.text import names, plain
from coaching.metrics import find_questions

MADE = {"drawn": lessons.lesson(), "long": lessons.long_lesson(20), "harm": lessons.hostile()}


@pytest.fixture(params=MADE.values(), ids=list(MADE))
def made(request):
    return request.param


def words(texts) -> list[str]:
    return " ".join(plain(t) for t in texts).split()


def test_webvtt(made) -> None:
    cues = list(webvtt.from_string(captions.vtt(made)))
    transcript = made.transcript
    assert words(unescape(c.text) for c in cues) == words(u.text for u in transcript.utterances)
    assert {unescape(c.voice) for c in cues} <= set(names(transcript).values())
    for cue in cues:
        utterance = transcript.utterances[int(cue.identifier.split(".")[0].removeprefix("u")) - 1]
        assert utterance.span.start - 0.001 <= cue.start_in_seconds + cue.start_time.milliseconds / 1000
        assert cue.end_in_seconds + cue.end_time.milliseconds / 1000 <= utterance.span.end + 0.0015
        assert unescape(cue.voice) == names(transcript)[utterance.speaker]


def test_subrip(made) -> None:
    cues = list(pysubs2.SSAFile.from_string(captions.srt(made), format_="srt"))
    vtt = list(webvtt.from_string(captions.vtt(made)))
    assert len(cues) == len(vtt)
    for cue, same in zip(cues, vtt, strict=True):
        assert cue.start == round(same.start_in_seconds * 1000) + same.start_time.milliseconds
        assert plain(cue.plaintext).split(": ")[0]
    assert all(cue.start < cue.end for cue in cues)


def test_rttm(made, tmp_path) -> None:
    file = tmp_path / "speakers.rttm"
    file.write_text(rttm.rttm(made), encoding="utf-8")
    (annotation,) = load_rttm(file).values()
    spoken = [u for u in made.transcript.utterances if u.span.duration >= 0.001]
    assert set(annotation.labels()) == {u.speaker for u in spoken}
    for u in spoken:
        near = [label for s, _, label in annotation.itertracks(yield_label=True) if s & Segment(*bounds(u))]
        assert u.speaker in near
    for speaker in made.transcript.speakers:
        assert annotation.label_duration(speaker.id) == pytest.approx(made.transcript.seconds(speaker.id), abs=0.5)


def bounds(u) -> tuple[float, float]:
    return u.span.start, u.span.end


def test_elan(made, tmp_path) -> None:
    file = tmp_path / "lesson.eaf"
    file.write_text(elan.eaf(made), encoding="utf-8")
    eaf = pympi.Elan.Eaf(str(file))
    transcript = made.transcript
    for speaker, name in names(transcript).items():
        spoken = [u for u in transcript.utterances if u.speaker == speaker]
        found = sorted(eaf.get_annotation_data_for_tier(name))
        assert [value for _, _, value in found] == [plain(u.text) for u in spoken]
        for (start, end, _), u in zip(found, spoken, strict=True):
            assert (start, end) == (pytest.approx(u.span.start * 1000, abs=1), pytest.approx(u.span.end * 1000, abs=1))
        assert eaf.get_parameters_for_tier(name)["PARTICIPANT"] == speaker
    questions = find_questions(transcript)
    asked = eaf.get_annotation_data_for_tier("Questions")
    kinds = eaf.get_ref_annotation_data_for_tier("Question kind")
    assert sorted(value for _, _, value in asked) == sorted(plain(q.text) for q in questions)
    assert sorted(kind[2] for kind in kinds) == sorted(q.kind.value for q in questions)


def test_elan_files_are_written_back_by_pympi(made, tmp_path) -> None:
    """A tool that opens the file must also be able to save it."""
    first, second = tmp_path / "first.eaf", tmp_path / "second.eaf"
    first.write_text(elan.eaf(made), encoding="utf-8")
    pympi.Elan.Eaf(str(first)).to_file(str(second))
    again = pympi.Elan.Eaf(str(second))
    assert set(again.get_tier_names()) == set(pympi.Elan.Eaf(str(first)).get_tier_names())


def test_tables(made) -> None:
    turns = list(csv.reader(io.StringIO(tables.turns_csv(made), newline=""), strict=True))
    measures = list(csv.reader(io.StringIO(tables.measures_csv(made), newline=""), strict=True))
    assert len(turns) == 1 + len(made.transcript.turns)
    assert len(measures) == 1 + len(made.measures)
    assert len({len(row) for row in turns}) == len({len(row) for row in measures}) == 1


def test_json(made) -> None:
    def no_constant(name: str) -> None:
        raise AssertionError(f"{name} is not JSON")

    document = json.loads(to_json(made), parse_constant=no_constant)
    assert len(document["utterances"]) == len(made.transcript.utterances)
