"""The talk ribbon as a picture: the teacher above the line, students below, several voices through both."""

from __future__ import annotations

from collections.abc import Sequence

from coaching.ribbon import Mark, ribbon
from coaching.transcript import Transcript

_HEAD = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 18" preserveAspectRatio="none">
<style>
.o{fill:#EFE9E0}.l{fill:#B9B0A3}.t{fill:#1F4F8F}.s{fill:#C06E0A}.u{fill:#8D8477}.g{fill:#B669AE}.h{stroke:#E8CDE5}
@media (prefers-color-scheme:dark){
.o{fill:#2A2824}.l{fill:#6F675D}.t{fill:#4C86D6}.s{fill:#EBA545}.u{fill:#8A8275}.g{fill:#E3B5E0}.h{stroke:#8D5F8B}}
</style>
<defs><pattern id="p" width="12" height="12" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
<rect class="g" width="12" height="12"/><path class="h" d="M10 0v12" stroke-width="4"/></pattern></defs>
<rect class="o" width="1000" height="18"/><rect class="l" y="8" width="1000" height="2"/>
"""


def svg(transcript: Transcript) -> str:
    found = ribbon(transcript)
    parts = (
        ('class="t"', found.teacher, 0, 9),
        ('class="s"', found.student, 9, 9),
        ('class="u"', found.unknown, 6, 6),
        ('fill="url(#p)"', found.several, 0, 18),
    )
    drawn = "".join(f'<path {look} d="{_blocks(marks, top, high)}"/>\n' for look, marks, top, high in parts if marks)
    return f"{_HEAD}{drawn}</svg>\n"


def _blocks(marks: Sequence[Mark], top: int, high: int) -> str:
    """Percent of the lesson as tenths of the picture, which is 1000 wide."""
    return "".join(f"M{10 * m.left:.1f} {top}h{10 * m.width:.1f}v{high}h-{10 * m.width:.1f}z" for m in marks)
