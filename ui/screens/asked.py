"""What somebody looks for in the library, as it stands in the page's address: so it can be reloaded, linked and gone
back to. The address says it, and nothing else does; what makes no sense there is as if it were not said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, tzinfo

from coaching.library import LONGEST_NAME, Filter, Shown, Whose
from coaching.recordings import LONGEST_TAG, is_id

ALL = "all"
KINDS: Mapping[str, Shown | Whose | None] = {
    ALL: None,
    "shared": Whose.SHARED,
    "with-me": Whose.WITH_ME,
    "ready": Shown.READY,
    "at-work": Shown.AT_WORK,
    "attention": Shown.ATTENTION,
}
"""How an address names what can be looked for."""

CALLED: Mapping[str, str] = {
    ALL: "All",
    "shared": "Shared by you",
    "with-me": "Shared with you",
    "ready": "Ready",
    "at-work": "In progress",
    "attention": "Needs attention",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Each field by its name in the address; empty where nothing was said."""

    kind: str = ALL
    text: str = ""
    of_class: str = ""
    tag: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def hidden(self) -> int:
        """How many of the filters that are not always in sight are set."""
        return sum(1 for one in (self.of_class, self.tag, self.since, self.until) if one)

    def filter(self, zone: tzinfo) -> Filter:
        kind = KINDS[self.kind]
        return Filter(
            text=self.text,
            shown=kind if isinstance(kind, Shown) else None,
            whose=kind if isinstance(kind, Whose) else None,
            class_id=self.of_class or None,
            tag=self.tag or None,
            since=self.since,
            until=self.until,
            zone=zone,
        )


def asked(address: Mapping[str, str]) -> Asked:
    kind, of_class, tag = address.get("show", ALL), address.get("class", ""), address.get("tag", "")
    return Asked(
        kind=kind if kind in KINDS else ALL,
        text=address.get("text", "")[:LONGEST_NAME],
        of_class=of_class if is_id(of_class) else "",
        tag=tag if len(tag) <= LONGEST_TAG else "",
        since=_day(address.get("from", "")),
        until=_day(address.get("to", "")),
    )


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1970 < day.year < 9999 else None
