"""What kind of question a question is, by its words and the rules of its language (`coaching/languages`).

The first rule that matches decides, and its name and the words it went by are kept, so that a person can see why.
"""

from __future__ import annotations

import re
from collections.abc import Container
from enum import StrEnum

from coaching.languages import rules
from coaching.metrics.question_rules import after_openers, deciding


class Kind(StrEnum):
    """What a question asks for (docs/measures.md)."""

    OPEN = "open"
    REASON = "reason"
    RELATING = "relating"
    WH_FACT = "wh-fact"
    YES_NO = "yes/no"
    CHECKING = "checking"
    MANAGEMENT = "management"
    TAG = "tag"
    ECHO = "echo"

    @property
    def is_open(self) -> bool:
        return self in (Kind.OPEN, Kind.REASON, Kind.RELATING)

    @property
    def is_content(self) -> bool:
        """Open or closed: about the matter of the lesson."""
        return self.is_open or self in (Kind.WH_FACT, Kind.YES_NO)


def kind_of(text: str, language: str | None = None) -> tuple[Kind, str]:
    """The kind of a question by its words (plain) alone, and what decided: the rule and the words it went by.

    What no rule knows is a statement with a question mark: yes or no.
    """
    start = after_openers(text, language)
    known = rules(language)
    for rule in known.kinds:
        if found := rule.pattern.match(text, start):
            words = deciding(rule.pattern, text, found)
            return Kind(rule.kind), f"{rule.rule}: “{words}”" if words else rule.rule
    return Kind.YES_NO, known.statement


def is_name(text: str, common: Container[str] = (), language: str | None = None) -> bool:
    """Whether a question of one word can only be a name: a capital, and no number, no word of `common` or of the rules.

    Never in a language that writes every noun with a capital, since nothing tells a name there.
    """
    word = text.strip(" .,?!…\"“”’'")
    never = rules(language).no_name
    if not never or not _CAPITAL.fullmatch(word) or word.lower() in common:
        return False
    return not never.fullmatch(word.lower())


_CAPITAL = re.compile(r"[A-Z][a-z]+")
