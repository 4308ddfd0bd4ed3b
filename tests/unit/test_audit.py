"""The audit log's chain: any single line that is changed, taken out, moved or cut off is found."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coaching.audit import Deed, Head, Line, pseudonym, sign, verify

KEY = "0" * 64


def chain(lines, key=KEY):
    """The lines with their signatures, and the head."""
    signed, head = [], Head()
    for line in lines:
        head = Head(line.number, sign(key, head.signature, line))
        signed.append((line, head.signature))
    return signed, head


def five():
    return chain([Line(n, 100.5 * n, Deed.SHARED, "anna", f"lesson {n}", "ben") for n in range(1, 6)])


def test_what_was_not_touched_is_whole():
    lines, head = five()
    assert verify(lines, KEY, head) is None
    assert verify([], KEY, Head()) is None


def test_a_head_that_is_behind_is_no_fault_and_one_that_is_ahead_is():
    lines, head = five()
    assert verify(lines, KEY, Head(3, lines[2][1])) is None
    assert verify(lines, KEY, Head()) is None
    assert verify(lines[:4], KEY, head) == "Line 5 is missing: the end of the log was cut off."
    assert verify([], KEY, head) == "Lines 1 to 5 are missing: the end of the log was cut off."


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda s: s[:1] + s[2:], "Line 2 is missing."),
        (lambda s: s[3:], "Lines 1 to 3 are missing."),
        (lambda s: [s[1], s[0], *s[2:]], "Line 1 is missing."),
        (lambda s: [*s[:3], s[2], *s[3:]], "Line 3 stands behind line 3."),
        (lambda s: [(replace(s[0][0], made=7.0), s[0][1]), *s[1:]], "Line 1 is not as it was written"),
        (lambda s: [s[0], (s[1][0], s[2][1]), *s[2:]], "Line 2 is not as it was written"),
        (lambda s: [s[0], (replace(s[2][0], number=2), s[2][1]), *s[2:]], "Line 2 is not as it was written"),
    ],
)
def test_it_is_said_which_line_is_the_first_that_does_not_fit(change, said):
    lines, head = five()
    assert str(verify(change(lines), KEY, head)).startswith(said)


def test_a_log_written_anew_with_the_key_is_another_than_the_head_says():
    _, head = five()
    other, _ = chain([Line(n, 1.0, Deed.SIGNED_IN) for n in range(1, 9)])
    assert verify(other, KEY, head) == "Line 5 is another one than the head outside the database says."


def test_who_has_another_key_can_write_no_line():
    lines, head = five()
    forged = Line(6, 700.0, Deed.DELETED)
    more = [*lines, (forged, sign("1" * 64, lines[-1][1], forged))]
    assert verify(more, KEY, head) == "Line 6 is not as it was written, or not where it was."


names = st.none() | st.text(max_size=8)
fields = {"made": st.floats(0, 1e10), "deed": st.text(max_size=8)}
fields |= dict.fromkeys(("actor", "lesson", "person", "school"), names)
logs = st.lists(st.fixed_dictionaries(fields), min_size=1, max_size=12).map(
    lambda found: chain([Line(n, **one) for n, one in enumerate(found, 1)])
)


@given(logs, st.data())
def test_any_one_change_removal_swap_or_cut_is_found(log, data):
    lines, head = log
    n = data.draw(st.integers(0, len(lines) - 1))
    line, signature = lines[n]
    what = data.draw(st.sampled_from(["change", "sign", "remove", "swap", "contents", "cut"]))
    if what == "change":
        name = data.draw(st.sampled_from(sorted(fields)))
        value = data.draw(fields[name].filter(lambda v: v != getattr(line, name)))
        lines[n] = replace(line, **{name: value}), signature
    elif what == "sign":
        lines[n] = line, data.draw(st.text(max_size=64).filter(lambda s: s != signature))
    elif what == "remove":
        del lines[n]
    elif what == "cut":
        del lines[n:]
    else:
        m = data.draw(st.integers(0, len(lines) - 1))
        (a, a_signed), (b, b_signed) = lines[n], lines[m]
        if n == m:
            return
        if what == "swap":
            lines[n], lines[m] = (b, b_signed), (a, a_signed)
        else:  # the numbers stay in order, what stands behind them does not
            lines[n] = replace(b, number=a.number), b_signed
            lines[m] = replace(a, number=b.number), a_signed
    assert verify(lines, KEY, head) is not None


def test_a_pseudonym_tells_nothing_without_its_key():
    assert pseudonym("a" * 64, "anna") != pseudonym("b" * 64, "anna")
    assert "anna" not in pseudonym("a" * 64, "anna")
    assert len(pseudonym("a" * 64, "anna")) == 32
