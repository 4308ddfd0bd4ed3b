"""A codebook from a file: what it would do where it is brought, and doing it."""

from __future__ import annotations

from dataclasses import dataclass

from coaching.access import NotThere
from coaching.codebooks import Codebook, Codebooks, Kept, Place, differences


@dataclass(frozen=True, slots=True)
class Bringing:
    """`codebook` becomes the next version of the one that is called so there (`instead`), or one of its own. `changes`
    are what becomes otherwise in that one, in sentences."""

    codebook: Codebook
    place: Place
    instead: Kept | None
    changes: tuple[str, ...]

    @property
    def before(self) -> int:
        """The version that there is; 0 without one."""
        return self.instead.number if self.instead else 0


def bringing(codebooks: Codebooks, viewer: str, school: str | None, codebook: Codebook) -> Bringing:
    """What bringing it to this school, or with None to themselves, would do. Raises NotThere."""
    place = next((place for place in codebooks.places(viewer) if place.school_id == school), None)
    if place is None:
        raise NotThere
    name = codebook.name.casefold()
    there = (one for one in codebooks.mine(viewer) if one.school_id == school and not one.taken_away)
    instead = next((one for one in there if one.codebook.name.casefold() == name), None)
    changes = differences(instead.codebook, codebook) if instead else ()
    return Bringing(codebook, place, instead, tuple(changes))


def bring(codebooks: Codebooks, viewer: str, plan: Bringing) -> None:
    """Do it. Raises as `Codebooks.make` and `change` do."""
    if plan.instead is None:
        codebooks.make(viewer, plan.place.school_id, plan.codebook)
    else:
        codebooks.change(viewer, plan.instead.id, plan.before, plan.codebook)
