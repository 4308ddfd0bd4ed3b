"""Which sentences of the teacher are questions, of what kind, and when they were said."""

from __future__ import annotations

import pytest
from drawn import lesson

from coaching.metrics.question_kinds import Kind, is_name
from coaching.metrics.question_rules import asks, clauses, plain, word_starts
from coaching.metrics.questions import (
    classify,
    find_questions,
    open_share,
    questions,
    reason_questions,
    sentences,
    unmarked_questions,
)
from coaching.quality import NO_TEACHER, NO_WORDS, no_rules
from coaching.spans import Span
from coaching.transcript import Role, Speaker, Transcript, Utterance, Word


def said(text: str, words: tuple[Word, ...] = ()) -> Transcript:
    return Transcript(60, (Speaker("T", Role.TEACHER),), (Utterance(Span(0, 10), "T", text, None, words),))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Look here. What is it? Good.", ["Look here.", "What is it?", "Good."]),
        ("It is 2.5 metres. Right?", ["It is 2.5 metres.", "Right?"]),
        ("Ask Mr. Brown. Is it 3 p.m. now?", ["Ask Mr. Brown.", "Is it 3 p.m. now?"]),
        ("Is it? no it isn't.", ["Is it?", "no it isn't."]),
        ("She said “Why?” Then she left", ["She said “Why?”", "Then she left"]),
        ("so what do you see", ["so what do you see"]),
        ("  ", []),
        ("", []),
    ],
)
def test_sentences(text: str, parts: list[str]) -> None:
    assert [text[a:b] for a, b in sentences(text)] == parts


def test_plain_text_and_its_words() -> None:
    assert plain("Okay — what’s 1/2 of 3.5, Zoë?!") == "okay what's 1/2 of 3.5 zoë"
    assert word_starts("Okay, what’s that") == [0, 6, 13]
    assert word_starts("İ so") == [0, 0]


@pytest.mark.parametrize(
    "text",
    [
        "what do you notice about these two lines",
        "okay so how many legs does a spider have",
        "why is the moon brighter tonight",
        "did anybody measure the second one",
        "can you tell me what comes next",
        "now look at the map where would you put the river",
        "which one is heavier",
        "the capital of france is called what",
        "we carry the one right",
        "that would float wouldn't it",
        "any questions",
        "who can tell me the name of this bone",
        "is it a mammal or a fish",
        "have you ever seen a volcano",
        "what about the last one",
    ],
)
def test_questions_without_their_mark(text: str) -> None:
    hit = asks(text)
    assert hit is not None
    assert hit.sure


@pytest.mark.parametrize(
    "text",
    [
        "open your books at the next page",
        "what we did last week was harder",
        "when you are finished put your pens down",
        "that's right",
        "i know how it works",
        "do the next three by yourselves",
        "have a look at the blue one",
        "everybody who is finished may read",
        "you wrote that the ship sank",
        "",
    ],
)
def test_statements_are_no_questions(text: str) -> None:
    assert asks(text) is None


@pytest.mark.parametrize("text", ["right", "so seven times eight is", "put it over there okay"])
def test_some_rules_are_unsure(text: str) -> None:
    hit = asks(text)
    assert hit is not None
    assert not hit.sure


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        # docs/measures.md's examples
        ("How do you know?", Kind.REASON),
        ("What do you notice?", Kind.OPEN),
        ("Do you agree with Cole?", Kind.RELATING),
        ("10 times 6 is?", Kind.WH_FACT),
        ("Is it wider?", Kind.YES_NO),
        ("Does that make sense?", Kind.CHECKING),
        ("Can you sit?", Kind.MANAGEMENT),
        ("So it floats, right?", Kind.TAG),
        # and others
        ("Why did the bridge fall down?", Kind.REASON),
        ("Can you explain that to us?", Kind.REASON),
        ("What does the arrow tell us?", Kind.REASON),
        ("What might happen to the ice?", Kind.OPEN),
        ("How could we find out?", Kind.OPEN),
        ("How are these two poems similar?", Kind.OPEN),
        ("Would somebody like to share their idea?", Kind.OPEN),
        ("Can anybody add on to that?", Kind.RELATING),
        ("Did anyone do it differently?", Kind.RELATING),
        ("Who wrote this poem?", Kind.WH_FACT),
        ("What is the capital of Peru?", Kind.WH_FACT),
        ("How many legs does a spider have?", Kind.WH_FACT),
        ("Which planet do you think is the largest?", Kind.WH_FACT),
        ("Okay, so did the Romans build it?", Kind.YES_NO),
        ("It was the king?", Kind.YES_NO),
        ("Any questions?", Kind.CHECKING),
        ("Do you see how I did that?", Kind.CHECKING),
        ("Are you with me?", Kind.CHECKING),
        ("Could you close the door please?", Kind.MANAGEMENT),
        ("Where is your notebook?", Kind.MANAGEMENT),
        ("Are we ready?", Kind.MANAGEMENT),
        ("Why don't you start with the second one?", Kind.MANAGEMENT),
        ("Okay?", Kind.TAG),
        ("All right?", Kind.TAG),
        ("It sank, didn't it?", Kind.TAG),
    ],
)
def test_kinds(text: str, kind: Kind) -> None:
    found, decided_by = classify(text)
    assert found is kind
    assert decided_by


def test_open_closed_and_content() -> None:
    assert [k for k in Kind if k.is_open] == [Kind.OPEN, Kind.REASON, Kind.RELATING]
    assert [k for k in Kind if k.is_content and not k.is_open] == [Kind.WH_FACT, Kind.YES_NO]


def test_repeating_a_student_with_a_mark_is_an_echo() -> None:
    assert classify("Three fourths?", "it is three fourths of the cake") == (
        Kind.ECHO,
        "repeats the student: “three fourths”",
    )
    assert classify("Three fifths?", "it is three fourths of the cake")[0] is not Kind.ECHO
    assert classify("What is it?", "i know what it is")[0] is Kind.WH_FACT, "a question of one's own is no echo"


def test_an_echo_follows_the_student_at_once() -> None:
    words = {"a": "It is three fourths.", "b": "Three fourths?", "c": "Good. Three fourths?"}
    echo = lesson("T |  bb|\nS1|aa  |", words)
    later = lesson("T |  cc|\nS1|aa  |", words)
    assert [q.kind for q in find_questions(echo)] == [Kind.ECHO]
    assert [q.kind for q in find_questions(later)] != [Kind.ECHO]


def test_a_lone_name_calls_on_somebody() -> None:
    assert classify("Mirela?")[0] is Kind.MANAGEMENT
    assert classify("Okay, Mirela?")[0] is Kind.MANAGEMENT
    assert classify("Seven?")[0] is not Kind.MANAGEMENT
    assert is_name("Rose?")
    assert not is_name("Rose?", {"rose"}), "a lesson that also writes it small speaks of the flower"


def test_common_words_come_from_the_lesson_itself() -> None:
    spoken = {"a": "The rose is red.", "b": "Rose?", "c": "Petra?"}
    kinds = [q.kind for q in find_questions(lesson("T |aa  bb  cc|", spoken))]
    assert kinds == [Kind.YES_NO, Kind.MANAGEMENT]


def test_only_the_teacher_s_questions_are_found() -> None:
    transcript = lesson("T |aa    |\nS1|  aa  |\nU1|    aa|", {"a": "What is it?"})
    assert [q.span for q in find_questions(transcript)] == [Span(0, 2)]
    assert find_questions(lesson("S1|aa|", {"a": "What is it?"})) == ()


def test_there_are_no_questions_where_the_rules_do_not_know_the_language() -> None:
    french = Transcript(9, (Speaker("T", Role.TEACHER),), (Utterance(Span(0, 1), "T", "Qu’est-ce que c’est?"),), "fr")
    assert find_questions(french) == ()


def test_the_mark_and_the_rule_are_kept() -> None:
    found = find_questions(said("Is it wider? And what is it called. Look."))
    assert [(q.text, q.marked, q.ends_utterance) for q in found] == [
        ("Is it wider?", True, False),
        ("And what is it called.", False, False),
    ]
    assert found[0].decided_by == "verb first: “is it”"
    assert found[1].decided_by == "question word first: “what” (no mark: what + verb: “what is”)"


def test_unsure_rules_serve_only_text_without_any_marks() -> None:
    assert len(find_questions(said("So seven times eight is. Look here."))) == 1
    assert [q.text for q in find_questions(said("So seven times eight is. Is it?"))] == ["Is it?"]


def test_a_question_in_unpunctuated_speech_starts_where_it_starts() -> None:
    (found,) = find_questions(said("now look at the map where would you put the river"))
    assert found.text == "where would you put the river"
    assert found.ends_utterance


TWO = "okay look at the picture what do you see here okay and then think about it why does the ship float on the water"


def test_unpunctuated_speech_with_two_questions_has_two() -> None:
    found = find_questions(said(TWO))
    assert [(q.text, q.kind, q.ends_utterance) for q in found] == [
        ("what do you see here", Kind.OPEN, False),
        ("why does the ship float on the water", Kind.REASON, True),
    ]
    each = 10 / len(TWO)  # seconds a character, without word times
    assert found[0].span.start == pytest.approx(TWO.index("what") * each)
    assert found[0].span.end == pytest.approx(TWO.index(" okay and") * each), "the first ends where speech begins anew"
    assert found[1].span.end == 10


def test_the_same_with_casing_and_commas_and_in_a_lesson_that_writes_marks() -> None:
    cased = TWO.replace("okay", "Okay,").replace("what", "What") + "."
    found = [q.text for q in find_questions(said(cased))]
    assert found == ["What do you see here", "why does the ship float on the water."]
    marked = find_questions(said(f"Ready? {cased}"))
    assert [q.text for q in marked] == ["Ready?", cased[cased.index("What") :]], "with marks nothing else is cut"


def test_words_in_the_middle_of_a_short_sentence_do_not_cut_it() -> None:
    assert clauses("what do you see now") == [0]
    assert clauses("what do you think happens to the small ice cube in the warm water now") == [0]


@pytest.mark.parametrize(
    ("text", "decided_by"),
    [
        ("So how do you know that it floats?", "how do you know: “how do you know”"),
        ("And it floats, right?", "ends in a tag: “floats right”"),
        ("Can anybody add on to that?", "add on, repeat: “add on”"),
        ("Six times seven is?", "left open: “is”"),
        ("Mirela?", "a lone name: “Mirela”"),
        ("A lion on the roof?", "a statement said as a question"),
    ],
)
def test_the_words_that_decided_are_said(text: str, decided_by: str) -> None:
    assert classify(text)[1] == decided_by


def test_when_a_question_was_said_without_word_times() -> None:
    # 40 characters over 0-10 s: a quarter of a second each. The question is characters 11 to 28.
    text = "Look here. What did you see? Now write.."
    assert len(text) == 40
    (found,) = find_questions(said(text))
    assert found.span == Span(11 / 4, 28 / 4)
    (last,) = find_questions(said("Look here. What did you see?"))
    assert last.span.end == 10, "the end of the last question is the end of the sound"


def test_when_a_question_was_said_with_word_times() -> None:
    text = "Look here. What is it? Write."
    times = [Span(0, 1), Span(1, 2), Span(4, 5), Span(5, 5.5), Span(5.5, 6), Span(8, 10)]
    words = tuple(Word(w, s) for w, s in zip(text.split(), times, strict=True))
    (found,) = find_questions(said(text, words=words))
    assert found.span == Span(4, 6)
    (last,) = find_questions(said("Look here. What is it?", words=words[:5]))
    assert last.span == Span(4, 10), "its end is acoustic even so"


SAID = {
    "o": "What do you notice?",
    "r": "Why is that?",
    "w": "Who wrote this?",
    "y": "Is it wider?",
    "c": "Any questions?",
    "m": "Can you sit?",
    "t": "Okay?",
    "a": "Three fourths.",
    "e": "Three fourths?",
}
COUNTED = lesson(
    """
    T |oo  rr  ww  yy  cc  mm  tt      ee  |
    S1|                              aa    |
    """,
    SAID,
    step=5.0,
)
#  8 questions, of which a tag and an echo are left out: 6 in 36 x 5 = 180 s -> 600 x 6 / 180 = 20 in 10 minutes


def test_questions_per_ten_minutes_leave_tags_and_echoes_out() -> None:
    measure = questions(COUNTED, find_questions(COUNTED))
    assert measure.value == 20
    assert measure.components == {
        "questions": 6,
        "duration_s": 180,
        "marked": 6,
        "open": 1,
        "reason": 1,
        "relating": 0,
        "wh-fact": 1,
        "yes/no": 1,
        "checking": 1,
        "management": 1,
        "tag": 1,
        "echo": 1,
    }
    assert len(measure.evidence) == 6
    assert (measure.interval.low, measure.interval.high) == (pytest.approx(16), pytest.approx(24)), "20% off either way"


def test_open_share_is_of_open_and_closed_ones() -> None:
    six = lesson("T |oo  rr  ww  yy  cc  oo  rr  |", SAID)
    measure = open_share(six, find_questions(six))
    assert (measure.value, measure.components) == (pytest.approx(100 * 4 / 6), {"open": 4, "closed": 2})
    # Wilson for 4 of 6: centre (.6667 + .3201) / 1.6402 = .60; half width 1.96 sqrt(.03704 + .02668) / 1.6402 = .30
    assert (round(measure.interval.low), round(measure.interval.high)) == (30, 90)
    assert [m.text for m in measure.evidence] == ["What do you notice?", "Why is that?"] * 2


def test_no_share_is_given_of_fewer_than_five_questions() -> None:
    five, four, one = (lesson(f"T |{drawing}|", SAID) for drawing in ("oo  ww  ww  yy  ww", "oo  ww  ww  yy", "oo  cc"))
    assert open_share(five, find_questions(five)).value == 20
    few = open_share(four, find_questions(four))
    assert few.reason == "Only 4 questions on the matter were found; too few for a share of open ones."
    assert (few.components, [m.text for m in few.evidence]) == ({"open": 1, "closed": 3}, ["What do you notice?"])
    single = open_share(one, find_questions(one))
    assert single.reason == "Only 1 question on the matter was found; too few for a share of open ones."


@pytest.mark.parametrize(("drawing", "low", "high"), [("oo  cc", 1, 3), ("oo", 0, 2), ("t", 0, 1)])
def test_a_count_may_be_off_by_one_at_least(drawing: str, low: float, high: float) -> None:
    # 20% of two questions would be 0.4; of none, 0
    transcript = lesson(f"T |{drawing}|", SAID)
    interval = questions(transcript, find_questions(transcript)).interval
    per = 600 / transcript.duration
    assert (interval.low, interval.high) == (pytest.approx(low * per), pytest.approx(high * per))


def test_reason_questions_are_counted() -> None:
    measure = reason_questions(COUNTED, find_questions(COUNTED))
    assert (measure.value, measure.components) == (1, {"reason": 1, "content": 4})


def test_when_questions_are_undefined() -> None:
    def reasons(transcript: Transcript) -> set[str | None]:
        found = find_questions(transcript)
        return {m(transcript, found).reason for m in (questions, open_share, reason_questions)}

    assert reasons(lesson("S1|aa|", {"a": "Is it?"})) == {NO_TEACHER}
    assert reasons(lesson("T |--|")) == {NO_WORDS}
    french = Transcript(9, (Speaker("T", Role.TEACHER),), (Utterance(Span(0, 1), "T", "Qu’est-ce que c’est?"),), "fr")
    assert reasons(french) == {no_rules()}
    silent = said("Look here.")
    assert questions(silent, ()).value == 0, "words, and no question among them, is none"
    assert open_share(silent, ()).reason == "No question on the matter of the lesson was found."


def test_a_question_is_found_far_inside_speech_without_any_mark_or_pause():
    said = "one and two and " * 150 + "what do you notice about these fractions " + "so six and seven " * 150
    found = [said[start:end] for start, end, _ in unmarked_questions(said)]
    assert [text.split("one and two and ")[-1].split(" so six")[0] for text in found] == [
        "what do you notice about these fractions"
    ]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Kind.REASON, "How do we know this is right?"),
        (Kind.REASON, "So why is that okay?"),
        (Kind.WH_FACT, "Which one is right?"),
        (Kind.YES_NO, "Is it left or right?"),
        (Kind.TAG, "So you take half of it, right?"),
        (Kind.TAG, "It's bigger, isn't it?"),
    ],
)
def test_a_question_that_ends_in_right_is_no_tag(kind: Kind, text: str) -> None:
    assert classify(text)[0] is kind


@pytest.mark.parametrize("text", ["will is next", "may is the fifth month"])
def test_a_name_at_the_beginning_asks_nothing(text: str) -> None:
    assert asks(text) is None
