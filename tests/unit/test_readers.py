"""Files of others: what is in them comes out as it stands there, and what cannot be read is one sentence."""

from __future__ import annotations

import csv
import io
from html import unescape

import pytest
import webvtt as other_webvtt
from hypothesis import given
from hypothesis import strategies as st
from lessons import DRAWN, hostile, lesson

from coaching.errors import BadInput
from coaching.exports import captions, tables
from coaching.exports.elan import eaf
from coaching.exports.rttm import rttm as written_rttm
from coaching.readers.elan import elan
from coaching.readers.lines import Line, decode, seconds
from coaching.readers.roles import role_of, roles
from coaching.readers.rttm import rttm
from coaching.readers.table import table
from coaching.readers.webvtt import is_webvtt, webvtt
from coaching.transcript import Role

NEEDS = ("role", "text")


def read(text: str, needs: tuple[str, ...] = NEEDS) -> list[Line]:
    return table(text.encode(), "a.csv", needs)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("0", 0), ("12.5", 12.5), ("12,5", 12.5), ("1:02", 62), ("90:00", 5400), ("0:01:02.250", 62.25),
        ("00:00:01,250", 1.25), (" 3 ", 3), ("1:00:00", 3600), ("", None), ("-1", None), ("1:75", None),
        ("1:60:00", None), ("nan", None), ("inf", None), ("1e3", None), ("١", None), ("1:2:3:4", None),
        ("9999999", None), ("25:00:00", None), ("noon", None), (".5", None), ("9" * 400, None),
    ],
)  # fmt: skip
def test_times_as_people_write_them(text, moment):
    assert seconds(text) == moment


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_table_in_each_dress(mark, encoding):
    text = f'Text {mark}ROLE{mark}note\r\n"Why{mark} ""so""?"{mark}teacher{mark}x\r\n  Grüße {mark}student{mark}\r\n'
    assert table(text.encode(encoding), "a.csv", NEEDS) == [
        Line("row 2", "teacher", text=f'Why{mark} "so"?'),
        Line("row 3", "student", text="  Grüße "),
    ]


def test_times_speakers_and_empty_rows():
    found = read("role,text,start,end,speaker\n\nteacher,Hi,0:01,2.5,Ms Hill\n,,,,\nstudent,Hello,,,\n")
    assert [(line.place, line.who, line.start, line.end) for line in found] == [
        ("row 3", "Ms Hill", 1, 2.5),
        ("row 4", "", None, None),
        ("row 5", "student", None, None),
    ]


@pytest.mark.parametrize(
    "texts",
    [
        ['"Why?" she said', 'say "no"'],
        ['"Why?"', "plain"],  # quoted without need: the marks are the speaker's
        ['"Yes, I think', "so", 'it is."'],  # would swallow rows
    ],
)
def test_tabs_without_quoting(texts):
    found = read("role\ttext\r\n" + "".join(f"teacher\t{text}\r\n" for text in texts))
    assert [line.text for line in found] == texts


@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_tabs_with_quoting(quoting, end):
    texts = ['"Why?" she said', "two\nlines", "more\r\nlines", "a\ttab", "plain", 'say "no"', ""]
    out = io.StringIO(newline="")
    csv.writer(out, delimiter="\t", quoting=quoting, lineterminator=end).writerows(
        [("role", "text"), *(("teacher", t) for t in texts)]
    )
    assert [line.text for line in read(out.getvalue())] == texts


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=1))
def test_texts_come_out_as_they_went_in(texts):
    out = io.StringIO(newline="")
    csv.writer(out).writerows([("role", "text"), *(("teacher", t) for t in texts)])
    assert [line.text for line in read(out.getvalue())] == texts


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "a.csv is empty"),
        (b" \n\n", "a.csv is empty"),
        (b"\xef\xbb\xbf", "a.csv is empty"),
        ("role,text\nteacher,Für\n".encode("latin-1"), "line 2 cannot be read"),
        ("role,text\nt,x\n".encode("utf-16-le"), "NUL character in line 1"),
        (b"role,text\nt,x\ns,a\0b\n", "NUL character in line 3"),
        (b"role,text\n", "no rows"),
        (b"who,what\nt,x\n", "no column called role, text"),
        (b"role\nt\n", "no column called text"),
        (b"role,text,text\nt,x,y\n", "two columns called text"),
        (b"role,text\nt,Yes, I do\n", "row 2: it has 3 cells"),
        (b"role,text\nt,x\nt\n", "row 3: the cell for text is missing"),
        (b'role,text\nt,x\nt,"never closed\n', "row 3: the quotation marks do not add up"),
        (b'role,text\nt,"Why?" she said\n', "row 2: the quotation marks do not add up"),
        (b"role,text\nt,x\nt," + b"x" * 140_000 + b"\n", "row 3: a cell has more than 131,072 characters"),
        (b"role,text,start,end\nt,x,1,2\nt,x,soon,2\n", "row 3: the start is not a time"),
        (b"role,text,start,end\nt,x,1,2\nt,x,9,2\n", "row 3: it ends (2 s) before it starts (9 s)"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "line 1 cannot be read"),
    ],
)
def test_a_bad_table_is_one_sentence(data, says):
    with pytest.raises(BadInput, match=r"a\.csv") as error:
        table(data, "a.csv", NEEDS)
    assert says in str(error.value)
    assert "\n" not in str(error.value)


VTT = """WEBVTT - a lesson
Kind: captions

STYLE
::cue { color: red }

NOTE two
lines

1
00:01.000 --> 00:03.500 align:start
<v Ms Hill>What do <i>you</i> notice?

01:00:04.000 --> 01:00:05.000
<v.loud Ana &amp; Ben>It is
bigger &lt; 3</v>

00:00:06.000 --> 00:00:07.000
<v Ana>Yes.</v><v Ben>No.</v>

00:00:08.000 --> 00:00:09.000
(a bell)
"""


def test_captions_with_voices():
    found = webvtt(VTT.replace("\n", "\r\n").encode(), "a.vtt")
    assert found == [
        Line("caption 1", speaker="Ms Hill", text="What do you notice?", start=1, end=3.5),
        Line("caption 2", speaker="Ana & Ben", text="It is\nbigger < 3", start=3604, end=3605),
        Line("caption 3", speaker="Ana", text="Yes."),
        Line("caption 3", speaker="Ben", text="No."),
        Line("caption 4", text="(a bell)", start=8, end=9),
    ]


@pytest.mark.parametrize("made", [lesson(DRAWN), hostile()])
def test_our_own_captions_and_those_of_another_parser(made, tmp_path):
    text = captions.vtt(made)
    found = webvtt(text.encode(), "a.vtt")
    path = tmp_path / "a.vtt"
    path.write_text(text, encoding="utf-8")
    theirs = other_webvtt.read(str(path))
    assert [(c.start_in_seconds, c.end_in_seconds) for c in theirs] == [(int(f.start), int(f.end)) for f in found]
    if made.recording.name == "Comparing fractions":
        assert [(c.voice, unescape(c.text)) for c in theirs] == [(f.speaker, f.text) for f in found]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("hello", "first line must be WEBVTT"),
        ("WEBVTTX\n\n00:01.000 --> 00:02.000\nx", "first line must be WEBVTT"),
        ("WEBVTT\n", "no captions"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n<v A></v>\n", "no captions with words"),
        ("WEBVTT\n\n00:01.000 --> soon\nx", "caption 1: its times cannot be read"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nx\n\n00:03.000 --> 00:02.000\nx", "caption 2: it ends"),
    ],
)
def test_bad_captions_are_one_sentence(text, says):
    with pytest.raises(BadInput) as error:
        webvtt(text.encode(), "a.vtt")
    assert says in str(error.value)


def test_what_is_webvtt():
    assert is_webvtt(b"", "A.VTT")
    assert is_webvtt(b"\xef\xbb\xbfWEBVTT\n", "a.txt")
    assert not is_webvtt(b"role,text", "a.csv")


def test_rttm():
    text = (
        ";; a comment\n\nSPKR-INFO a 1 <NA> <NA> <NA> unknown T <NA>\nSPEAKER a 1 1.500 2.000 <NA> <NA> T <NA> <NA>\n"
    )
    assert rttm(text.encode(), "a.rttm") == [Line("line 4", speaker="T", start=1.5, end=3.5)]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("hello", "no line that begins with SPEAKER"),
        ("SPEAKER a 1 1.5", "line 1: this is not a line of RTTM"),
        ("SPEAKER a 1 x 2 <NA> <NA> T", "line 1"),
        ("SPEAKER a 1 1 -2 <NA> <NA> T", "line 1"),
        ("SPEAKER a 1 nan 2 <NA> <NA> T", "line 1"),
        ("SPEAKER a 1 1 2 <NA> <NA> T\nSPEAKER b 1 1 2 <NA> <NA> T", "2 recordings"),
    ],
)
def test_bad_rttm_is_one_sentence(text, says):
    with pytest.raises(BadInput) as error:
        rttm(text.encode(), "a.rttm")
    assert says in str(error.value)


EAF = """<?xml version="1.0" encoding="UTF-8"?>
<ANNOTATION_DOCUMENT><HEADER/><TIME_ORDER>
<TIME_SLOT TIME_SLOT_ID="a" TIME_VALUE="1000"/><TIME_SLOT TIME_SLOT_ID="b" TIME_VALUE="2500"/>
<TIME_SLOT TIME_SLOT_ID="c"/></TIME_ORDER>
<TIER TIER_ID="Teacher"><ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a1" TIME_SLOT_REF1="a" TIME_SLOT_REF2="b">
<ANNOTATION_VALUE>Why &amp; how?</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION></TIER>
<TIER TIER_ID="Notes" PARENT_REF="Teacher"><ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a2" TIME_SLOT_REF1="a"
TIME_SLOT_REF2="b"><ANNOTATION_VALUE>x</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION></TIER>
</ANNOTATION_DOCUMENT>"""


def test_elan_tiers_are_voices():
    assert elan(EAF.encode(), "a.eaf") == [Line("tier Teacher, annotation a1", "Teacher", "", "Why & how?", 1, 2.5)]


BOMB = """<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>
<ANNOTATION_DOCUMENT>&b;&c;</ANNOTATION_DOCUMENT>"""


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is empty"),
        ("hello", "damaged in line 1"),
        ("<a/>", "not an ELAN file"),
        ("<ANNOTATION_DOCUMENT/>", "no tier"),
        (EAF[:400], "damaged in line"),
        (EAF.replace("UTF-8", "klingon"), "not an ELAN file"),
        (EAF.replace('REF2="b"', 'REF2="c"', 1), "tier Teacher, annotation a1: it has no times"),
        (EAF.replace('"2500"', '"1e99"'), "it has no times"),
        (EAF.replace('"2500"', '"500"'), "it ends (0.5 s) before it starts (1 s)"),
        (BOMB, "document type"),
        ('<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd"><a/>', "document type"),
        ("<a>" * 100_000, "damaged"),
    ],
)
def test_bad_elan_is_one_sentence(text, says):
    with pytest.raises(BadInput) as error:
        elan(text.encode(), "a.eaf")
    assert says in str(error.value)


@pytest.mark.parametrize("made", [lesson(DRAWN), hostile()])
def test_our_own_exports_come_back(made):
    spoken = [(u.speaker, round(u.span.start, 3), round(u.span.end, 3)) for u in made.transcript.utterances]
    found = elan(eaf(made).encode(), "a.eaf")
    assert sorted((f.speaker, f.start, f.end) for f in found) == sorted(spoken)
    found = rttm(written_rttm(made).encode(), "a.rttm")
    assert [(f.speaker, f.start, pytest.approx(f.end)) for f in found] == spoken
    found = table(tables.turns_csv(made).encode(), "a.csv", ("start", "end", "speaker", "role", "text"))
    assert [(f.role, f.start, f.end) for f in found] == [
        (t.role, t.span.start, t.span.end) for t in made.transcript.turns
    ]


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("teacher", Role.TEACHER), ("TEACHER", Role.TEACHER), ("T", Role.TEACHER), ("t1", Role.TEACHER),
        ("Tutor", Role.TEACHER), ("Ms. Hill (Teacher)", Role.TEACHER), ("student teacher", Role.TEACHER),
        ("student", Role.STUDENT), ("s", Role.STUDENT), ("S 12", Role.STUDENT), ("Ss", Role.STUDENT),
        ("student_3", Role.STUDENT), ("Multiple Students", Role.STUDENT), ("pupil", Role.STUDENT),
        ("Schülerin", Role.STUDENT), ("", Role.UNKNOWN), ("Anna", Role.UNKNOWN), ("Tess", Role.UNKNOWN),
        ("speaker_1", Role.UNKNOWN), ("observer", Role.UNKNOWN), ("Ms T", Role.UNKNOWN),
    ],
)  # fmt: skip
def test_what_a_name_says(name, role):
    assert role_of(name) is role


def voices(*names: str) -> list[Line]:
    return [Line(f"row {n}", speaker=name) for n, name in enumerate(names)]


def test_the_rest_are_students_where_somebody_is_the_teacher():
    T, S, U = Role.TEACHER, Role.STUDENT, Role.UNKNOWN
    assert roles(voices("teacher", "Ana", ""), "a", rest=True) == [T, S, U]
    assert roles(voices("teacher", "Ana"), "a", rest=False) == [T, U]
    assert roles(voices("Ben", "Ana"), "a", rest=True) == [U, U]
    assert roles(voices("Ben", "Ana", "teacher"), "a", "ana", rest=False) == [S, T, S]
    assert roles([Line("row 2", "student", "Teacher Ana")], "a", rest=True) == [S]
    with pytest.raises(BadInput, match=r"Nobody in a is called Eve\. It names: Ben, Ana"):
        roles(voices("Ben", "Ana"), "a", "Eve", rest=True)
    with pytest.raises(BadInput, match="It names nobody"):
        roles(voices(""), "a", "", rest=True)


def test_a_mark_of_the_encoding_inside_the_text_stays():
    assert decode("\ufeffa\ufeffb".encode(), "x") == "a\ufeffb"
