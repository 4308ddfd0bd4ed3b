"""Comments for other programs: as CSV, and as Web Annotations of the W3C with media fragments."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from coaching.comments import Comment
from coaching.exports.tables import csv_text, guarded
from coaching.spans import clock

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
MEDIA_FRAGMENTS = "http://www.w3.org/TR/media-frags/"


def comments_csv(comments: Sequence[Comment]) -> str:
    """One row a comment, in the order of `comments`: when in the lesson, who, for whom, labels parted by `; `, what."""
    head = ("id", "answers", "start_s", "end_s", "time", "author", "readers", "labels", "text", "made", "resolved")
    rows = (
        (
            one.id,
            one.parent or "",
            f"{one.start:.3f}",
            "" if one.stop is None else f"{one.stop:.3f}",
            clock(one.start),
            guarded(one.called),
            one.audience.value,
            guarded("; ".join(one.labels)),
            guarded(one.body),
            one.made.isoformat(),
            one.resolved.isoformat() if one.resolved else "",
        )
        for one in comments
        if not one.deleted
    )
    return csv_text(head, rows)


def web_annotations(comments: Sequence[Comment], film: str) -> str:
    """An AnnotationPage in JSON-LD. `film` is the address of the film: what is noted is about a fragment of it.

    A comment is `commenting`, an answer `replying` to the comment's own id; labels are bodies that are tags.
    Sources: https://www.w3.org/TR/annotation-model/, https://www.w3.org/TR/media-frags/ (`t=12.5,40`).
    """
    items = [_annotation(one, film) for one in comments if not one.deleted]
    page = {"@context": CONTEXT, "id": f"{film}#comments", "type": "AnnotationPage", "items": items}
    return json.dumps(page, ensure_ascii=False, indent=1) + "\n"


def _annotation(one: Comment, film: str) -> dict[str, Any]:
    body = [{"type": "TextualBody", "value": one.body, "format": "text/plain", "purpose": _purpose(one)}]
    body += [{"type": "TextualBody", "value": label, "purpose": "tagging"} for label in one.labels]
    changed = {"modified": one.edited.isoformat()} if one.edited else {}
    return {
        "id": _id(one.id),
        "type": "Annotation",
        "motivation": _purpose(one),
        "creator": {"type": "Person", "name": one.called},
        "created": one.made.isoformat(),
        **changed,
        "body": body,
        "target": _fragment(one, film) if one.parent is None else _id(one.parent),
    }


def _fragment(one: Comment, film: str) -> dict[str, Any]:
    value = f"t={one.start:g}" + ("" if one.stop is None or one.stop == one.start else f",{one.stop:g}")
    return {
        "source": film,
        "selector": {"type": "FragmentSelector", "conformsTo": MEDIA_FRAGMENTS, "value": value},
    }


def _purpose(one: Comment) -> str:
    return "commenting" if one.parent is None else "replying"


def _id(comment: str) -> str:
    return f"urn:secondlook:comment:{comment}"
