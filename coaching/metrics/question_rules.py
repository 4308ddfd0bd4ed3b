"""Rules for English: whether a sentence is a question though the recognizer wrote no question mark.

Every rule is a name and a pattern over *plain* text: lower case, straight apostrophes, no punctuation. Written by hand
from the grammar of questions; scripts/bench_questions.py says how often they are right.
"""

from __future__ import annotations

import re
from typing import NamedTuple

NOT = """(?:doesn't|don't|didn't|isn't|aren't|wasn't|weren't|can't|couldn't|won't|wouldn't|shouldn't|haven't|hasn't)"""
AUX = f"(?:do|does|did|is|are|was|were|can|could|will|would|should|shall|have|has|had|am|{NOT})"
"""Verbs that change places with their subject in a question."""

PRONOUN = """(?:i|you|we|they|he|she|it|that|this|these|those|there|y'all|anyone|anybody|everyone|everybody|someone|
    somebody)"""
SUBJECT = f"(?:{PRONOUN}|the|a|an|your|my|our|their|his|her|its|any|some|all|both|each|one)"
WH = "(?:what|how|where|why|who|which|when)"

OPENERS = """(?:okay|ok|alright|all right|right|so|now|and|but|well|then|um|uh|oh|yes|yeah|no|good|great|or|also|
    because|cause|actually|again|next|first|hey|wait|let's see|i mean|like|if not|for example|perfect|excellent|
    thank you|nice|my friends|guys|boys and girls|everybody|everyone|friends|class)"""
"""What people say before they begin."""


class Hit(NamedTuple):
    """A rule that found a question: its name, the word at which the question starts, whether it is sure."""

    rule: str
    word: int
    sure: bool


def plain(text: str) -> str:
    """`text` in lower case with straight apostrophes and single spaces, without punctuation, for the rules to read."""
    return " ".join(_WORD.findall(text.lower().translate(_STRAIGHT)))


def nth_word(text: str, n: int) -> int:
    """Where the `n`-th word (from 0) of `plain(text)` begins in `text`; 0 where letters changed their number."""
    lower = text.lower().translate(_STRAIGHT)
    if len(lower) != len(text):
        return 0
    return next((m.start() for i, m in enumerate(_WORD.finditer(lower)) if i == n), 0)


_WORD = re.compile(r"[a-z0-9]+(?:[./][0-9]+)?(?:'[a-z]+)*")
_STRAIGHT = str.maketrans("’‘", "''")


def pattern(text: str) -> re.Pattern[str]:
    """A pattern written over several lines: a line's end and the indent after it are not part of it."""
    return re.compile(re.sub(r"\n\s*", "", text))


def _rules(*table: tuple[str, str]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((name, pattern(text)) for name, text in table)


_OPENER = pattern(rf"(?:{OPENERS} )+")

STARTS = _rules(
    ("a question word alone", rf"{WH}$"),
    ("why", r"why(?! (?:i|we|you|they|he|she|it|that|this)\b|'s)|why(?:'s| is| not| this| that)\b"),
    ("what + verb", rf"what(?:'s|'re|'d| {AUX})\b(?! significant| important)"),
    ("what about, what if", r"what (?:about|if|else|happened|makes|made|might|now|do|comes)\b"),
    (
        "what + noun + verb",
        rf"""what (?!i\b|we\b|you\b|he\b|she\b|they\b|a\b|it\b|that\b|this\b)[\w']+(?: [\w']+)?
        [ ]{AUX}\b""",
    ),
    ("what + noun", r"what (?:number|kind|type|sort|color|shape|part|fraction|other|step|page|time|word|other)s?\b"),
    ("how + verb", rf"how(?:'s|'d| {AUX}| many| much| about| come| else| long| far| big| often| might)\b"),
    ("who", r"(?<!everybody )(?<!everyone )who(?:'s|'d)? (?!i\b|we\b|you\b|they\b|knows\b)[\w']+"),
    ("where", rf"where(?:'s|'d| {AUX}| else)\b"),
    ("which", rf"which (?:one|ones|of|way|two|number|{AUX} (?:[\w']+er|more|less|the|you|we)|[\w']+ {AUX})\b"),
    ("whose", r"whose\b"),
    ("when", rf"when (?:do|does|did|will|would|should|is|are) {SUBJECT}\b"),
    ("do you", r"(?:do|don't|have|haven't|had) (?:you|we|they|i|those|these|people|any|anybody|anyone)\b(?! to\b)"),
    ("does it", r"(?:does|did|doesn't|didn't|has|hasn't|is|isn't|are|aren't|was|wasn't|were|weren't|am) [\w']+"),
    (
        "can you",
        rf"""(?:can|can't|could|couldn't|would|wouldn't|should|shouldn't|will|won't|may|shall)
        [ ](?:{SUBJECT}|(?!be\b|have\b)[\w']+ [\w']+)""",
    ),
    ("anybody", r"(?:anyone|anybody|any other|any (?:questions|ideas|thoughts|volunteers|comments|guesses))\b"),
    ("ready", r"(?:you |everybody |everyone )?(?:ready|agree or disagree|questions|questions on [\w']+)$"),
    ("make sense", r"(?:that |this )?makes? sense$"),
)
"""Rules read at the start of a clause, after openers such as "okay, so"."""

INSIDE = _rules(
    (
        "question word + verb + subject",
        r"""(?<!\bknow )(?<!\bsee )(?<!\babout )(?<!\bof )(?<!\bwith )(?<!\bat )(?<!\bto )
        \b(?:what|how|where|why|who|which)(?: (?!i\b|we\b|you\b|they\b|he\b|she\b|it\b|the\b|that\b|this\b|
        your\b)[\w']+)?
        (?: (?!i\b|we\b|you\b|they\b|he\b|she\b|it\b|the\b|that\b|this\b|your\b)[\w']+)?
        [ ](?:do|does|did|don't|can|could|should|would|will|are|were|have|has|am|is|was)
        [ ](?:you|we|i|they|he|she|it|that|this|these|those|there|anyone|anybody)\b""",
    ),
    (
        "what is",
        r"""^(?:[\w']+ ){1,3}(?<!know )(?<!see )(?<!is )(?<!me )(?<!about )(?<!out )(?<!at )(?<!of )(?<!that's )
        (?:what is|what's|what are|what was|how many|how much|which one|what about|what if|what would|what could)\b""",
    ),
    (
        "could somebody",
        r"""(?<!\bso )(?<!\bthat )(?<!\bif )(?<!\byou )(?<!\band )
        \b(?:can|could|would|will) (?:you|someone|somebody|anyone|anybody)\b(?! (?:have|be) (?:the|a)\b)""",
    ),
    (
        "verb + you",
        r"""(?<!\bwhat )(?<!\bthan )(?<!\bas )(?<!\bnor )(?<!\bi )(?<!\byou )(?<!\bwe )(?<!\bthey )(?<!\bto )
        (?<!\bwill )(?<!\ball )(?<!\bcan't )(?<!\bdon't )(?<!\bnot )
        \b(?:(?:do|did|are) (?:you|we)|have you(?! guys come| go| all)|does (?:it|that)|did i|am i|are there)\b""",
    ),
)
"""Rules read anywhere: only word orders that a statement hardly has."""

ENDS = _rules(
    (
        "ends in a question word",
        r"""(?<!\bknow)(?<!\bguess)(?<!\bmatter)(?<!\bno)(?<!\bsay)(?<!\bthat's)(?<!\bme)
        [ ](?:what|how many|how much|which one|how|who|where)$""",
    ),
    (
        "ends in a tag",
        r"""[\w']+ [\w']+ (?<!that's )(?<!all )(?<!is )(?<!you're )(?<!be )(?<!the )(?<!exactly )
        (?<!to )(?<!are )right$""",
    ),
    ("ends in a verb and its subject", rf"""\b{NOT} (?:i|you|we|they|he|she|it|that|there)$|(?<!\buh) huh$"""),
)
"""Rules read at the end of a clause."""

UNSURE = _rules(
    ("bare right", r"right$"),
    ("ends in okay", r"[\w']+ [\w']+ .*\bokay$"),
    ("ends in correct", r"""[\w']+ [\w']+ .*(?<!that's )(?<!is )(?<!are )(?<!be )(?<!you're )(?<!the )correct$"""),
    (
        "what inside",
        r""".*(?<!know )(?<!see )(?<!is )(?<!me )(?<!about )(?<!out )(?<!at )(?<!of )(?<!to )
        \b(?:what is|what's|how many|how much|which one)\b""",
    ),
    (
        "left open",
        r""".*\b(?:equals|equal to|would be|is called|is equal to|because)$|
        .*(?:\d|\b(?:times|plus|minus|half|thirds|fourths|by)\b).* is$""",
    ),
    ("anything", r"(?:any|anything)\b"),
)
"""Rules that are right only about two times in three: for text in which the recognizer writes no marks at all."""


def after_openers(text: str) -> int:
    """Where `text` (plain) begins to say something: the character after "okay, so" and the like; 0 if that is all."""
    opener = _OPENER.match(text)
    return opener.end() if opener else 0


def asks(text: str) -> Hit | None:
    """How `text` (plain) is a question though it has no mark. None where no rule matches."""
    start = after_openers(text)
    for name, rule in STARTS:
        if rule.match(text, start):
            return Hit(name, 0, True)
    for name, rule in INSIDE:
        if found := rule.search(text):
            return Hit(name, text.count(" ", 0, found.start()), True)
    for name, rule in ENDS:
        if rule.search(text):
            return Hit(name, 0, True)
    for name, rule in UNSURE:
        if rule.match(text):
            return Hit(name, 0, False)
    return None
