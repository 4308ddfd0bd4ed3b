"""ELAN annotation files (EAF): who spoke when on the tiers of people, and what they said."""

from __future__ import annotations

from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from coaching.errors import BadInput
from coaching.readers.lines import LONGEST_S, Line, check_order


def elan(data: bytes, name: str) -> list[Line]:
    """The annotations of every tier that stands for a voice, in order of the tiers.

    Those with a participant; where no tier has one, all that have times of their own and belong to no other tier.
    `speaker` is the participant, `role` the tier's name. Raises BadInput where the file is no EAF, has a document type,
    or has no such annotation.
    """
    root = _parsed(data, name)
    if root.tag != "ANNOTATION_DOCUMENT":
        raise BadInput(f"{name} is not an ELAN file.")
    slots = {slot.get("TIME_SLOT_ID"): slot.get("TIME_VALUE") for slot in root.iter("TIME_SLOT")}
    tiers = [t for t in root.iter("TIER") if not t.get("PARENT_REF")]
    people = [t for t in tiers if t.get("PARTICIPANT", "").strip()] or tiers
    lines = [
        _line(annotation, tier, slots, name) for tier in people for annotation in tier.iter("ALIGNABLE_ANNOTATION")
    ]
    if not lines:
        raise BadInput(f"{name} has no tier with annotations that stand for somebody who speaks.")
    return lines


def _line(annotation: Element, tier: Element, slots: dict[str | None, str | None], name: str) -> Line:
    called = tier.get("TIER_ID", "").strip()
    place = f"tier {called}, annotation {annotation.get('ANNOTATION_ID', '')}"
    start, end = (_moment(slots.get(annotation.get(f"TIME_SLOT_REF{n}"))) for n in (1, 2))
    if start is None or end is None:
        raise BadInput(f"{name}, {place}: it has no times. Align it in ELAN, then save again.")
    text = annotation.findtext("ANNOTATION_VALUE") or ""
    return check_order(Line(place, called, tier.get("PARTICIPANT", "").strip(), text, start, end), name)


def _moment(ms: str | None) -> float | None:
    if ms is None or not (ms.isascii() and ms.isdigit()) or len(ms) > 9:
        return None
    return min(int(ms) / 1000, LONGEST_S)


def _parsed(data: bytes, name: str) -> Element:
    """The document's root. A document type is refused before it is read: it could define entities that never end."""
    tree = TreeBuilder()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = tree.start
    parser.EndElementHandler = tree.end
    parser.CharacterDataHandler = tree.data

    def refuse(*_: object) -> None:
        raise BadInput(f"{name} has a document type of its own, which ELAN does not write. It was not read.")

    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(data, True)
        return tree.close()
    except expat.ExpatError as error:
        if not data.strip():
            raise BadInput(f"{name} is empty.") from None
        raise BadInput(f"{name} is not an ELAN file: it is damaged in line {error.lineno}.") from None
    except (ValueError, LookupError):
        raise BadInput(f"{name} is not an ELAN file: it is in an encoding that is not known here.") from None
