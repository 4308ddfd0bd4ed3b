"""Which quote marks of a recognizer stay."""

from __future__ import annotations

import pytest

from pipelines.speech.quotes import without_stray_quotes


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ('"Oh, I only looked at the numbers."', "Oh, I only looked at the numbers."),
        ('"Oh, I only looked at the numbers".', "Oh, I only looked at the numbers."),
        ("“Yes, you can.”", "Yes, you can."),
        ('"Yes?"', "Yes?"),
        ('""Yes.""', "Yes."),
        ('"She said "no" to me."', 'She said "no" to me.'),
    ],
)
def test_quotes_around_everything_go(written: str, kept: str) -> None:
    assert without_stray_quotes(written) == kept


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ('Who can debt it for us?"', "Who can debt it for us?"),
        ('"Who can get it?', "Who can get it?"),
        ('He said, "look here.', "He said, look here."),
        ('It is 5" long.', "It is 5 long."),
        ('One " two', "One two"),
        ("One ” two “three", "One two three"),
        ('He wrote "one" and "two.', 'He wrote "one" and two.'),
        ('"', ""),
        ("", ""),
    ],
)
def test_quotes_without_their_other_half_go(written: str, kept: str) -> None:
    assert without_stray_quotes(written) == kept


@pytest.mark.parametrize(
    "written",
    [
        'What does "numerator" mean?',
        '"Yes," she said, "you can."',
        "She wrote (“half”) and “a third”.",
        "It's the students' 'half', isn't it?",
        'The word is "half."',
        '"Half" is a word.',
    ],
)
def test_matched_quotes_and_apostrophes_stay(written: str) -> None:
    assert without_stray_quotes(written) == written
