"""Words and speakers together: from a diarizer's segments and a recognizer's text to the utterances of a lesson."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from coaching.spans import Span, cover, total
from coaching.transcript import Heard, Segment, Speaker, Transcript, Utterance, utterance_spans

OWN_SHARE = 0.5
"""Where less than this of an utterance is its speaker's alone, a recognizer writes down whoever is louder: no text."""

SHORTEST_S = 0.2
"""Shorter segments hold no word; they are coughs, chairs and edges."""


def to_utterances(segments: Sequence[Segment]) -> list[Segment]:
    """One segment an utterance, speakers renamed `speaker_1`, `speaker_2` in order of first speech."""
    spoken = [s for s in utterance_spans(segments) if s.span.duration >= SHORTEST_S]
    ids: dict[str, str] = {}
    for s in spoken:
        ids.setdefault(s.speaker, f"speaker_{len(ids) + 1}")
    return [Segment(s.span, ids[s.speaker]) for s in spoken]


def audible(utterances: Sequence[Segment]) -> list[int]:
    """Indices of the utterances for the recognizer: those not mostly talked over by somebody who speaks longer.

    Of two utterances that share most of the shorter one's time, only the longer keeps its text.
    """
    over: list[list[Span]] = [[] for _ in utterances]
    running: list[int] = []
    for i, u in enumerate(utterances):
        running = [j for j in running if utterances[j].span.end > u.span.start]
        for j in running:
            if shared := u.span & utterances[j].span:
                over[min(i, j, key=lambda k: utterances[k].span.duration)].append(shared)
        running.append(i)
    return [i for i, u in enumerate(utterances) if total(cover(over[i])) <= (1 - OWN_SHARE) * u.span.duration]


def assign_words(spans: Sequence[Span], words: Sequence[Span]) -> list[int]:
    """For each word's time, the index of the one of `spans` in which it was said.

    A recognizer's times are worst at pauses: the last word before one is stretched over it, and the first word after
    it begins too early. So a word belongs where it shares the most time; of equals to the longest, whom a recognizer
    writes down; and with no time shared, to the nearest. Raises ValueError where there are words and no spans.
    """

    def fit(word: Span, span: Span) -> tuple[float, float, float]:
        shared = word & span
        away = max(span.start - word.end, word.start - span.end, 0.0)
        return (round(shared.duration, 6) if shared else 0.0, -away, span.duration)

    return [max(range(len(spans)), key=lambda i: fit(word, spans[i])) for word in words]


def to_transcript(
    duration: float, utterances: Sequence[Segment], heard: Mapping[int, Heard], language: str | None
) -> Transcript:
    """The lesson's transcript; `heard` has the text of utterances by index, missing where nothing was recognized."""
    nothing = Heard()
    spoken = []
    for i, u in enumerate(utterances):
        h = heard.get(i, nothing)
        spoken.append(Utterance(u.span, u.speaker, h.text, h.confidence, h.words))
    ids = list(dict.fromkeys(u.speaker for u in utterances))
    return Transcript(duration, tuple(Speaker(i) for i in ids), tuple(spoken), language)
