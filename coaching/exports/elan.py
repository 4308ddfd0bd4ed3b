"""The lesson as an ELAN annotation file (EAF 3.0): a tier for each voice, the questions with their kinds, the waits."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Iterable
from pathlib import PurePath
from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from coaching.exports.questions import kinds_are_known, listed_questions
from coaching.exports.text import names, plain
from coaching.lesson import Lesson
from coaching.metrics.wait import tenths
from coaching.spans import Span

_SCHEMA = "http://www.mpi.nl/tools/elan/EAFv3.0.xsd"

_UNDATED = "1970-01-01T00:00:00Z"
"""The format demands a date; this one stands where the recording has none."""

_QUESTIONS, _KINDS = "Questions", "Question kind"
_WAITS = {"Wait time I": "wait_time_1", "Wait time II": "wait_time_2"}
"""Our own tiers, the waits with their measure. No voice may be called so: a tier's id stands in a file once."""

_CONSTRAINTS = {
    "Time_Subdivision": "Time subdivision of parent annotation's time interval, no time gaps allowed within this",
    "Symbolic_Subdivision": "Symbolic subdivision of a parent annotation. Annotations refer to the same parent",
    "Symbolic_Association": "1-1 association with a parent annotation",
    "Included_In": "Time alignable annotations within the parent annotation's time interval, gaps are allowed",
}
"""The four that ELAN writes into every file."""


def eaf(lesson: Lesson) -> str:
    """An XML document that ELAN and pympi open. It names the recording as lying in the same folder.

    Tiers: one a voice (PARTICIPANT is its id in RTTM; an utterance without words is an empty annotation), `Questions`
    with the wording, `Question kind` below it (empty where the words were too unsure to say), and `Wait time I` and
    `Wait time II` in seconds.
    """
    root = Element(
        "ANNOTATION_DOCUMENT",
        {
            "AUTHOR": "Second Look",
            "DATE": f"{lesson.recording.recorded}T00:00:00Z" if lesson.recording.recorded else _UNDATED,
            "FORMAT": "3.0",
            "VERSION": "3.0",
            "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
            "xsi:noNamespaceSchemaLocation": _SCHEMA,
        },
    )
    file = _File(root, lesson)
    transcript = lesson.transcript
    for speaker, name in names(transcript, taken=(_QUESTIONS, _KINDS, *_WAITS)).items():
        said = [(u.span, plain(u.text)) for u in transcript.utterances if u.speaker == speaker]
        file.tier(name, said, participant=speaker)
    questions = listed_questions(lesson)
    asked = file.tier(_QUESTIONS, ((q.span, plain(q.text)) for q in questions))
    kinds = zip(asked, (q.kind.value for q in questions), strict=True)
    file.child_tier(_KINDS, _QUESTIONS, kinds if kinds_are_known(lesson) else ())
    for tier, measure in _WAITS.items():
        found = lesson.measure(measure)
        waits = found.evidence if found else ()
        file.tier(tier, ((m.span, tenths(m.value)) for m in waits if m.value is not None))
    file.finish()
    indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


class _File:
    """The parts of an EAF document in the order that its schema asks for, and the ids that tie them together."""

    def __init__(self, root: Element, lesson: Lesson) -> None:
        self.root = root
        self.header = SubElement(root, "HEADER", {"MEDIA_FILE": "", "TIME_UNITS": "milliseconds"})
        for name in lesson.recording.files or (lesson.recording.name,):
            url = "./" + _quoted(PurePath(name).name)
            kind = mimetypes.guess_type(url)[0] or "unknown"
            SubElement(
                self.header, "MEDIA_DESCRIPTOR", {"MEDIA_URL": url, "MIME_TYPE": kind, "RELATIVE_MEDIA_URL": url}
            )
        self.slots = SubElement(root, "TIME_ORDER")
        self.annotations = 0

    def tier(self, name: str, spans: Iterable[tuple[Span, str]], participant: str = "") -> list[str]:
        """Write annotations with times of their own; returns their ids. Overlapping ones are cut: a tier has no two."""
        tier = SubElement(self.root, "TIER", {"LINGUISTIC_TYPE_REF": "timed", "TIER_ID": name})
        if participant:
            tier.set("PARTICIPANT", participant)
        ids, last = [], 0
        for span, value in spans:
            start = max(last, round(span.start * 1000))
            last = max(start + 1, round(span.end * 1000))
            box = self._annotation(tier, "ALIGNABLE_ANNOTATION", value)
            box.set("TIME_SLOT_REF1", self._slot(start))
            box.set("TIME_SLOT_REF2", self._slot(last))
            ids.append(box.attrib["ANNOTATION_ID"])
        return ids

    def child_tier(self, name: str, parent: str, values: Iterable[tuple[str, str]]) -> None:
        """Write annotations that say something about one annotation each of the tier `parent`: (its id, the value)."""
        tier = SubElement(self.root, "TIER", {"LINGUISTIC_TYPE_REF": "kind", "PARENT_REF": parent, "TIER_ID": name})
        for annotation, value in values:
            self._annotation(tier, "REF_ANNOTATION", value).set("ANNOTATION_REF", annotation)

    def finish(self) -> None:
        """Write what the schema wants after the tiers, and sort the times."""
        self.slots[:] = sorted(self.slots, key=lambda slot: int(slot.attrib["TIME_VALUE"]))
        SubElement(self.header, "PROPERTY", {"NAME": "lastUsedAnnotationId"}).text = str(self.annotations)
        SubElement(
            self.root,
            "LINGUISTIC_TYPE",
            {"GRAPHIC_REFERENCES": "false", "LINGUISTIC_TYPE_ID": "timed", "TIME_ALIGNABLE": "true"},
        )
        SubElement(
            self.root,
            "LINGUISTIC_TYPE",
            {
                "CONSTRAINTS": "Symbolic_Association",
                "GRAPHIC_REFERENCES": "false",
                "LINGUISTIC_TYPE_ID": "kind",
                "TIME_ALIGNABLE": "false",
            },
        )
        for stereotype, description in _CONSTRAINTS.items():
            SubElement(self.root, "CONSTRAINT", {"DESCRIPTION": description, "STEREOTYPE": stereotype})

    def _annotation(self, tier: Element, kind: str, value: str) -> Element:
        self.annotations += 1
        box = SubElement(SubElement(tier, "ANNOTATION"), kind, {"ANNOTATION_ID": f"a{self.annotations}"})
        SubElement(box, "ANNOTATION_VALUE").text = value
        return box

    def _slot(self, ms: int) -> str:
        slot = f"ts{len(self.slots) + 1}"
        SubElement(self.slots, "TIME_SLOT", {"TIME_SLOT_ID": slot, "TIME_VALUE": str(ms)})
        return slot


def _quoted(name: str) -> str:
    """A file's name as part of a URL, every sign of it kept, so that ELAN finds the file.

    A name that is no UTF-8 keeps its bytes; what no file system gives becomes a question mark.
    """
    return quote(re.sub(r"[\ud800-\udc7f\udd00-\udfff]", "?", name), errors="surrogateescape")
