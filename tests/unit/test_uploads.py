"""What is said of a lesson that is brought, as hostile as it may be."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coaching.announced import MOST_LOOK_FORS, hashes, new_part, new_upload
from coaching.errors import BadInput
from coaching.library import LONGEST_NAME
from coaching.originals import original, safe_name
from coaching.settings import Settings
from coaching.uploads import MOST_PARTS, NewUpload, UploadFile

TODAY = date(2025, 11, 4)
GOOD = {"name": "Fractions", "class": "Grade 5", "taught": "2025-11-03", "consent": True, "sizes": [10, 20]}


def test_a_lesson_as_the_page_says_it():
    said = GOOD | {"name": "  Fractions \n on a line ", "look_fors": ["Why?", "Why?", " wait  time "], "school": "Hill"}
    assert new_upload("owner", said, TODAY) == NewUpload(
        "owner", "Fractions on a line", None, "Grade 5", "Hill", "2025-11-03", ("Why?", "wait time"), (10, 20)
    )


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"consent": False}, "every family"),
        ({"consent": "true"}, "every family"),
        ({"consent": None}, "every family"),
        ({"class": None}, "Choose the class"),
        ({"class": "x" * 81}, "1 to 80"),
        ({"class": "a\x00b"}, "1 to 80"),
        ({"class_id": 7}, "1 to 64"),
        ({"name": " "}, "1 to 120"),
        ({"name": None}, "1 to 120"),
        ({"name": "a\u202eb"}, "1 to 120"),
        ({"name": "x" * (LONGEST_NAME + 1)}, "1 to 120"),
        ({"taught": "3 November"}, "Say on which day"),
        ({"taught": "2025-11-31"}, "Say on which day"),
        ({"taught": 20251103}, "Say on which day"),
        ({"taught": "2025-W45-1"}, "Say on which day"),
        ({"taught": "2025-11-06"}, "still to come"),
        ({"look_fors": "why"}, "at most 10"),
        ({"look_fors": ["x"] * (MOST_LOOK_FORS + 1)}, "at most 10"),
        ({"look_fors": [{}]}, "1 to 200"),
        ({"sizes": []}, "1 to 20"),
        ({"sizes": [1] * (MOST_PARTS + 1)}, "1 to 20"),
        ({"sizes": [True]}, "How large"),
        ({"sizes": [1.5]}, "How large"),
        ({"sizes": [-1]}, "How large"),
        ({"sizes": [1 << 70]}, "How large"),
        ({"sizes": [5, 0]}, "empty"),
    ],
)
def test_anything_else_is_a_sentence(changed, sentence):
    with pytest.raises(BadInput, match=sentence):
        new_upload("owner", GOOD | changed, TODAY)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.dictionaries(st.sampled_from([*GOOD, "look_fors", "class_id", "school"]), JSON) | JSON)
def test_no_json_breaks_it(said):
    try:
        new = new_upload("owner", GOOD | said if isinstance(said, dict) else said, TODAY)
    except BadInput:
        return
    assert all(size > 0 for size in new.sizes)
    assert new.name.isprintable()


def test_a_part_as_tus_says_it():
    said = {"upload": "u", "position": "3", "filename": "a\nb.mp4", "fingerprint": "print"}
    assert new_part(said, "17", "id") == ("u", UploadFile("id", 3, "a?b.mp4", 17, "print"))
    for wrong in (
        {"position": "x"},
        {"position": "-1"},
        {"position": "٣"},
        {"fingerprint": ""},
        {"fingerprint": "x" * 65},
    ):
        with pytest.raises(BadInput):
            new_part(said | wrong, "17", "id")
    for length in ("", "1.5", "-1", "9" * 19):
        with pytest.raises(BadInput):
            new_part(said, length, "id")


def test_hashes_are_of_every_part():
    good = ["0" * 64, "f" * 64]
    assert hashes({"sha256": good}, 2) == tuple(good)
    for wrong in (
        None,
        [],
        {"sha256": good[:1]},
        {"sha256": [*good[:1], "F" * 64]},
        {"sha256": [1, 2]},
        {"sha256": "x"},
    ):
        with pytest.raises(BadInput):
            hashes(wrong, 2)


@given(st.text())
def test_a_name_is_kept_where_it_cannot_lead_elsewhere(name):
    kept = safe_name(name)
    assert kept not in ("", ".", "..")
    assert not kept.startswith(".")
    assert not set(kept) & set('/\\:*?"<>|\0\n')
    assert len(kept.encode()) <= 116
    assert original("ab", 1, name) == f"recordings/ab/original/1/{kept}"


def test_a_server_has_an_address_only_where_somebody_said_it(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SECONDLOOK_PUBLIC_URL", raising=False)
    assert not Settings().has_public_url
    monkeypatch.setenv("SECONDLOOK_PUBLIC_URL", "http://127.0.0.1:8501")
    assert Settings().has_public_url
