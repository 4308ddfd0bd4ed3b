"""The teacher's questions: where they are, of what kind, and the measures made of them.

A mark written by the recognizer makes a sentence a question; where it left the mark out, the rules of the language
(coaching/languages) decide. Every question keeps the rule and the words that decided, because kinds are suggestions.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from coaching.languages import rules
from coaching.metrics.measure import Interval, Measure, Moment, undefined, wilson
from coaching.metrics.question_kinds import Kind, is_name, kind_of
from coaching.metrics.question_rules import Hit, after_openers, asks, clauses, plain, word_starts
from coaching.quality import why_no_words
from coaching.spans import Span
from coaching.transcript import Role, Told, Transcript, Utterance

COUNT_OFF = 0.20
"""19 of 20 lessons' counts are at most this share off where the recognizer writes marks (.14 to .19 with all or 70% of
them): scripts/bench_measures.py, on lessons held out."""

COUNT_OFF_UNMARKED = 0.27
"""The same where the recognizer writes no marks at all; tags, which are not counted, and single words left out."""

SAYS_COUNT = "the machine’s own error in finding questions, as measured on written-down lessons"
SAYS_KIND = "chance, with so few questions; of the machine’s own labels about seven in ten are right"

FEWEST_CONTENT = 5
"""Of fewer questions on the matter no share is given: one more or less would move it by twenty points and more."""

ECHO_WORDS = 6
"""A teacher who repeats more words than this is doing more than echoing."""

TOLD = "you said so"
"""Why a question is of its kind, where a person said it."""

MOST_WORDS = 200
"""Nobody asks in a longer sentence, and the time that the rules take grows with its square."""

_END = re.compile(r"(?<=[.!?…])[\"”’')\]]*\s+(?=[\"“„‘'(\[]?[A-ZÄÖÜ0-9])|(?<=[?])[\"”’')\]]*\s+")
"""Between sentences: after a closing mark, before a capital or a number; after a question mark always."""
_ABBREVIATION = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|St|vs|etc|e\.g|i\.e|z\.\s?B|bzw|ca|Nr|usw|[A-Z])\.$")


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the teacher: a sentence of `utterance`, and when it was said.

    `decided_by`: the rule that told its `kind`, and the words it went by. `marked`: the recognizer wrote the question
    mark. `ends_utterance`: nothing follows it in the utterance, so that its end is an end of speech, and a wait can
    begin.
    """

    utterance: Utterance
    text: str
    kind: Kind
    decided_by: str
    span: Span
    ends_utterance: bool
    marked: bool


def find_questions(transcript: Transcript) -> tuple[Question, ...]:
    """The teacher's questions in order; none where `why_no_words` gives a reason.

    Without word times a question's place in its utterance is its share of the characters; the end of one that ends the
    utterance is always the end of the sound.
    """
    if why_no_words(transcript):
        return ()
    return tuple(_as_told(_found(transcript), transcript.told))


def _found(transcript: Transcript) -> Iterator[Question]:
    """Those that the rules find."""
    writes_marks = any("?" in u.text for u in transcript.of(Role.TEACHER))
    common = _common(transcript)
    said_before = ""
    for u in transcript.utterances:
        if transcript.role(u.speaker) is not Role.TEACHER:
            said_before = plain(u.text) or said_before
            continue
        for start, end in sentences(u.text):
            for first, last, hit in _asked(u.text, start, end, writes_marks, transcript.language):
                yield _question(u, first, last, hit, said_before, common, transcript.language)
            said_before = ""


def _as_told(found: Iterable[Question], told: Sequence[Told]) -> Iterator[Question]:
    """With what a person said of them, the last of what was said of each. What is no question is left out."""
    for q in found:
        said = next((t for t in reversed(told) if _is_same(t.span, q.span)), None)
        if said is None:
            yield q
        elif said.kind:
            yield replace(q, kind=Kind(said.kind), decided_by=TOLD)


def _is_same(one: Span, other: Span) -> bool:
    """They share more than half of each."""
    shared = one & other
    return shared is not None and shared.duration > max(one.duration, other.duration) / 2


def _asked(
    text: str, start: int, end: int, writes_marks: bool, language: str | None
) -> Iterator[tuple[int, int, Hit | None]]:
    """Start and end of each question in the sentence from `start` to `end`, and the rule that found it.

    No rule where the recognizer wrote the mark. Where it writes marks at all, only the sure rules may add a question.
    """
    sentence = text[start:end]
    if sentence.rstrip("\"”’')]").endswith("?"):
        if plain(sentence):
            yield start, end, None
        return
    for first, last, hit in unmarked_questions(sentence, language, cut=not writes_marks):
        if hit.sure or not writes_marks:
            yield start + first, start + last, hit


def unmarked_questions(sentence: str, language: str | None = None, cut: bool = True) -> Iterator[tuple[int, int, Hit]]:
    """Start and end (characters) of each question in a `sentence` without a mark, and the rule that found it.

    Long speech that a recognizer wrote without punctuation is to be `cut` first (`clauses`): it may hold several.
    """
    words, starts = plain(sentence).split(), word_starts(sentence)
    cuts = clauses(" ".join(words), language) if cut and words else [0]
    pieces = sorted({*cuts, *range(0, len(words), MOST_WORDS), len(words)})
    for first, beyond in pairwise(pieces):
        if hit := asks(" ".join(words[first:beyond]), language):
            start = starts[first + hit.word] if first + hit.word else 0
            end = starts[beyond] if beyond < len(words) else 0
            yield start, len(sentence[: end or None].rstrip(" ,;:–-")), hit


def _question(
    u: Utterance, start: int, end: int, hit: Hit | None, said_before: str, common: frozenset[str], language: str | None
) -> Question:
    text = u.text[start:end]
    kind, decided_by = classify(text, said_before, common, language)
    if hit:
        decided_by = f"{decided_by} (no mark: {hit.rule}: “{hit.words}”)"
    last = not u.text[end:].strip()
    return Question(u, text, kind, decided_by, _place(u, start, end, last), last, hit is None)


def classify(
    text: str, student_before: str = "", common: Container[str] = (), language: str | None = None
) -> tuple[Kind, str]:
    """The kind of the question `text`, and what decided: a rule and the words it went by.

    `student_before`: what a student said just before it (plain), for echoes; `common`: words that are no names because
    this lesson writes them small, since a lone name calls on somebody.
    """
    words = plain(text).split()
    if student_before and len(words) <= ECHO_WORDS and _repeats(words, student_before.split(), language):
        return Kind.ECHO, f"repeats the student: “{' '.join(words)}”"
    start = after_openers(" ".join(words), language)
    if is_name(text.split()[-1] if start else text, common, language) and len(" ".join(words)[start:].split()) == 1:
        return Kind.MANAGEMENT, f"a lone name: “{text.split()[-1].strip(' .,?!…')}”"
    return kind_of(" ".join(words), language)


def _repeats(words: Sequence[str], before: Sequence[str], language: str | None) -> bool:
    own = [w for w in words if w not in rules(language).small]
    return bool(own) and set(own) <= set(before) and not asks(" ".join(words), language)


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Start and end (characters) of each sentence of `text`, without the blanks around it."""
    cuts = [m for m in _END.finditer(text) if not _ABBREVIATION.search(text[max(0, m.start() - 6) : m.start()])]
    edges = [0, *(m.end() for m in cuts), len(text)]
    for start, end in pairwise(edges):
        sentence = text[start:end]
        if sentence.strip():
            blank = len(sentence) - len(sentence.lstrip())
            yield start + blank, start + len(sentence.rstrip())


def _common(transcript: Transcript) -> frozenset[str]:
    """The words that this lesson writes with a small letter somewhere."""
    return frozenset(w for u in transcript.utterances for w in _SMALL_WORD.findall(u.text))


_SMALL_WORD = re.compile(r"\b[a-z][\w']*")


def _place(u: Utterance, start: int, end: int, last: bool) -> Span:
    """When the characters `start` to `end` of the utterance's text were said."""
    begin = u.span.start + u.span.duration * start / len(u.text)
    finish = u.span.start + u.span.duration * end / len(u.text)
    if len(u.words) == len(u.text.split()) and all(w.span for w in u.words):
        first, beyond = len(u.text[:start].split()), len(u.text[:end].split())
        if (a := u.words[first].span) and (b := u.words[beyond - 1].span):
            begin, finish = a.start, b.end
    begin = min(max(begin, u.span.start), u.span.end)
    finish = u.span.end if last else min(max(finish, begin), u.span.end)
    return Span(begin, finish)


def counted(found: Sequence[Question]) -> list[Question]:
    """Those that the count is made of: tags and echoes left out."""
    return [q for q in found if q.kind not in (Kind.TAG, Kind.ECHO)]


def questions(transcript: Transcript, found: Sequence[Question]) -> Measure:
    """Teacher questions per 10 minutes of the lesson, tags and echoes left out.

    Components: `questions`, `duration_s`, `marked` (those with the recognizer's own mark), and the number of each kind
    by its name, tags and echoes too. Evidence: each counted question with its words. Range: the rules' own error on
    marked transcripts, and at least one question either way. Undefined: no teacher, no words, or a lesson of no length.
    """
    if reason := why_no_words(transcript):
        return undefined("questions", "per 10 minutes", reason)
    if transcript.duration <= 0:
        return undefined("questions", "per 10 minutes", "The recording has no length.")
    mine = counted(found)
    kinds = Counter(q.kind for q in found)
    off = max(1.0, len(mine) * (COUNT_OFF if any(q.marked for q in found) else COUNT_OFF_UNMARKED))
    per = 600 / transcript.duration
    return Measure(
        "questions",
        per * len(mine),
        "per 10 minutes",
        Interval(per * max(0.0, len(mine) - off), per * (len(mine) + off), SAYS_COUNT),
        {
            "questions": len(mine),
            "duration_s": transcript.duration,
            "marked": sum(q.marked for q in mine),
            **{kind.value: kinds[kind] for kind in Kind},
        },
        tuple(Moment(q.span, q.text) for q in mine),
    )


def without_kinds(measure: Measure) -> Measure:
    """The measure `questions` without the number of each kind."""
    kept = {name: number for name, number in measure.components.items() if name not in set(Kind)}
    return replace(measure, components=kept)


def open_share(transcript: Transcript, found: Sequence[Question]) -> Measure:
    """The open part of the questions on the matter: 100 open / (open + closed), the kinds as listed under "Kinds".

    Components: `open`, `closed`. Evidence: the open questions. Range: Wilson's, for chance. Undefined: no teacher, no
    words, or fewer than five such questions (the evidence stays).
    """
    if reason := why_no_words(transcript):
        return undefined("open_share", "%", reason)
    content = [q for q in found if q.kind.is_content]
    wide = [q for q in content if q.kind.is_open]
    components = {"open": len(wide), "closed": len(content) - len(wide)}
    evidence = tuple(Moment(q.span, q.text) for q in wide)
    if len(content) < FEWEST_CONTENT:
        reason = _too_few_for_a_share(len(content))
        return Measure("open_share", None, "%", components=components, evidence=evidence, reason=reason)
    interval = wilson(len(wide), len(content), SAYS_KIND)
    return Measure("open_share", 100 * len(wide) / len(content), "%", interval, components, evidence)


def _too_few_for_a_share(content: int) -> str:
    if content == 0:
        return "No question on the matter of the lesson was found."
    many = "1 question on the matter was" if content == 1 else f"{content} questions on the matter were"
    return f"Only {many} found; too few for a share of open ones."


def reason_questions(transcript: Transcript, found: Sequence[Question]) -> Measure:
    """Number of questions that ask for a reason: why, how do you know.

    Components: `reason`, `content` (all open and closed ones). Evidence: those questions. Undefined: no teacher, no
    words.
    """
    if reason := why_no_words(transcript):
        return undefined("reason_questions", "questions", reason)
    why = [q for q in found if q.kind is Kind.REASON]
    return Measure(
        "reason_questions",
        float(len(why)),
        "questions",
        components={"reason": len(why), "content": sum(q.kind.is_content for q in found)},
        evidence=tuple(Moment(q.span, q.text) for q in why),
    )
