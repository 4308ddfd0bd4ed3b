"""Codebooks: what one is, how it changes, and that a file of it gives the same one back, whoever wrote what in it."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coaching.codebooks import (
    MOST_LABELS,
    Codebook,
    Colour,
    Label,
    category_moved,
    checked,
    differences,
    label_moved,
    with_label,
    without_label,
    written,
)
from coaching.comments import LONGEST_LABEL as LONGEST_WRITTEN
from coaching.comments import check_labels
from coaching.errors import BadInput
from coaching.exports.codebooks import codebook_csv, codebook_json
from coaching.readers.codebooks import codebook
from coaching.starting_set import STARTING_SET

TALK = Codebook(
    "Talk",
    (
        Label("Turns", "Voice", "A student speaks.", Colour.ROSE, ("some", "most")),
        Label("Turns", "Choice"),
        Label("Waits", "Wait", colour=Colour.TEAL),
    ),
)


def names(book: Codebook) -> list[str]:
    return [label.name for label in book.labels]


def test_the_starting_set_is_a_codebook_and_has_what_is_looked_for():
    assert checked(STARTING_SET) == STARTING_SET
    assert {*"Voice Choice Path Pace Place".split(), "Station rotation", "Flipped lesson"} <= set(names(STARTING_SET))
    assert all(label.meaning for label in STARTING_SET.labels)
    assert next(iter(STARTING_SET.categories)) == "Student agency"


def test_labels_and_categories_move_within_their_bounds_and_none_is_lost():
    assert names(label_moved(TALK, "Voice", 1)) == ["Choice", "Voice", "Wait"]
    assert label_moved(TALK, "Voice", -1) == label_moved(TALK, "Wait", 1) == TALK
    assert names(category_moved(TALK, "Waits", -1)) == ["Wait", "Voice", "Choice"]
    assert category_moved(TALK, "Turns", -1) == category_moved(TALK, "Waits", 1) == TALK


def test_a_label_goes_to_its_category_and_a_changed_one_stays_in_its_place():
    assert names(with_label(TALK, Label("Turns", "Path"))) == ["Voice", "Choice", "Path", "Wait"]
    assert names(with_label(TALK, Label("Turns", "Say"), "Voice")) == ["Say", "Choice", "Wait"]
    assert names(with_label(TALK, Label("Waits", "Voice"), "Voice")) == ["Voice", "Wait", "Choice"]
    assert names(without_label(TALK, "Choice")) == ["Voice", "Wait"]


def test_what_changes_is_said_label_by_label():
    after = Codebook(
        "Talks",
        (
            Label("Turns", "Voice", "Another.", Colour.BLUE, ("few", "many")),
            Label("Waits", "Choice"),
            Label("Waits", "Path"),
        ),
    )
    assert differences(TALK, after) == [
        "It is called “Talks”, no longer “Talk”.",
        "“Voice”: another meaning, another colour, another scale.",
        "“Choice”: goes to Waits.",
        "New in Waits: “Path”.",
        "Taken out: “Wait”.",
    ]
    assert differences(TALK, TALK) == []
    assert differences(TALK, label_moved(TALK, "Voice", 1)) == ["The labels stand in another order."]


def test_a_label_is_written_with_or_without_a_point_of_its_scale():
    found = written([TALK, Codebook("Other", (Label("a", "Voice", colour=Colour.GREEN), Label("a", "x")))])
    assert list(found) == ["Voice", "Voice: some", "Voice: most", "Choice", "Wait", "x"]
    assert (found["Voice: some"], found["Voice"], found["Wait"]) == (Colour.ROSE, Colour.ROSE, Colour.TEAL)
    longest = checked(Codebook("a", (Label("a", "l" * 60, scale=("p" * 30, "q" * 30)),)))
    assert max(map(len, written([longest]))) <= LONGEST_WRITTEN
    check_labels(list(written([longest])))


@pytest.mark.parametrize(
    ("book", "said"),
    [
        (Codebook(" ", TALK.labels), "A codebook’s name has 1 to 80"),
        (Codebook("x" * 81, TALK.labels), "A codebook’s name"),
        (Codebook("Talk", ()), "1 to 150 labels"),
        (Codebook("Talk", tuple(Label("a", f"{n}") for n in range(MOST_LABELS + 1))), "1 to 150 labels"),
        (Codebook("Talk", (Label("a", "Voice"), Label("b", " voice "))), "two labels called “voice”"),
        (Codebook("Talk", (Label("", "Voice"),)), "The category of “Voice”"),
        (Codebook("Talk", (Label("a", "Voice\x00"),)), "can be printed"),
        (Codebook("Talk", (Label("a", "Voice", scale=("some",)),)), "2 to 7 points"),
        (Codebook("Talk", (Label("a", "Voice", scale=("some", "Some")),)), "a point twice"),
        (Codebook("Talk", (Label("a", "Voice", scale=("a;b", "c")),)), "semicolon"),
        (Codebook("Talk", (Label("a", "Voice", "m" * 301),)), "What “Voice” means"),
    ],
)
def test_what_is_no_codebook_is_refused_in_a_sentence(book, said):
    with pytest.raises(BadInput, match=re.escape(said)) as refused:
        checked(book)
    assert str(refused.value).endswith((".", "none."))


texts = (
    st.text(min_size=1, max_size=30)
    .map(lambda text: " ".join(text.split()))
    .filter(lambda text: text and text.isprintable())
)
points = st.lists(texts.filter(lambda text: ";" not in text), min_size=2, max_size=7, unique_by=str.casefold)
labels = st.builds(Label, texts, texts, st.just("") | texts, st.sampled_from(Colour), st.just(()) | points.map(tuple))
books = st.builds(
    Codebook, texts, st.lists(labels, min_size=1, max_size=9, unique_by=lambda label: label.name.casefold()).map(tuple)
).map(checked)


@settings(deadline=None)
@given(books)
def test_a_codebook_comes_back_from_either_file_as_it_was(book):
    for text in (codebook_csv(book), codebook_json(book)):
        assert codebook(text.encode(), "The file") == book
        assert codebook(text.encode("utf-8-sig"), "The file") == book
    for cells in csv.reader(io.StringIO(codebook_csv(book), newline="")):
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_a_table_of_ones_own_needs_few_columns_in_any_order():
    expected = Codebook("Mine", (Label("Turns", "Voice", scale=("some", "most")), Label("Waits", "Wait")))
    assert codebook(b"label,category,scale\nVoice,Turns,some; most\n\nWait,Waits\n", "It", "Mine") == expected
    sheet = 'Scale;LABEL;Notes;Category\n"some ;most";Voice;;Turns\n;Wait;x;Waits\n'
    assert codebook(sheet.encode("utf-16"), "It", "Mine") == expected


HEAD = b"codebook,category,label,meaning,colour,scale\n"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b"\x00", "NUL"),
        ("category,label\nT\xfc,a".encode("latin-1"), "not text in UTF-8: line 2"),
        (b"name,email\na,b\n", "must name the columns"),
        (HEAD, "no label below"),
        (HEAD + b"Talk,a,b,,red,\n", "row 2: “red” is no colour of a label. Write grey, blue"),
        (HEAD + b"Talk,a,b,,,\nOther,a,c,,,\n", "row 3: it is of another codebook"),
        (HEAD + b",a,b,,,\n", "A codebook’s name"),
        (HEAD + b"Talk,,b,,,\n", "The category of “b”"),
        (HEAD + b"Talk,a,b,,,some\n", "2 to 7 points"),
        (HEAD + b'Talk,a,"b,,,\n', "quotation marks"),
        (HEAD + b"Talk,a,b,,,\n" * 1000, "more than 150 labels"),
        (HEAD + b"Talk,a," + b"x" * 1_000_000, "cell has more than"),
        (b"{", "not JSON that can be read"),
        (b"{" * 100_000, "not JSON that can be read"),
        (b'{"labels": 5}', "is no codebook"),
        (b'{"labels": ["a"]}', "is no codebook"),
        (b'{"codebook": 7, "labels": []}', "is no codebook"),
        (b'{"codebook": "Talk", "labels": []}', "1 to 150 labels"),
        (b'{"codebook": "Talk", "labels": [{"category": "a", "label": 5}]}', "is no codebook"),
        (b'{"codebook": "Talk", "labels": [{"category": "a", "label": "b", "scale": "xy"}]}', "is no codebook"),
        (b'{"codebook": "Talk", "labels": [{"category": "a", "label": "b", "colour": "url(x)"}]}', "is no colour"),
        (json.dumps({"codebook": "Talk", "labels": [{}] * 1000}).encode(), "more than 150 labels"),
    ],
)
def test_what_is_no_file_of_a_codebook_is_refused_in_a_sentence(data, said):
    with pytest.raises(BadInput, match=re.escape(said)):
        codebook(data, "The file")


def test_every_colour_has_a_shade_for_light_and_for_dark_that_can_be_told_from_its_ground():
    css = (Path(__file__).parents[2] / "ui" / "assets" / "design.css").read_text(encoding="utf-8")
    for sheet in css.split("prefers-color-scheme:dark"):
        tokens = dict(re.findall(r"--([\w-]+):(#\w{6})", sheet.split(".i{")[0]))
        for colour in Colour:
            for ground in ("paper", "surface", "sunken", "accent-soft"):
                assert contrast(tokens[f"label-{colour}"], tokens[ground]) >= 3, (colour, ground)


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, 1.4.11."""
    light, dark = sorted(map(luminance, (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
