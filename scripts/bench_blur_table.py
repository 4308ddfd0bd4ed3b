"""The section on covering faces, of docs/benchmarks.md."""

from __future__ import annotations

from typing import Any

HEAD = "| film | CPU of ours | wall | CPU of deface | wall | ratio of CPU | ratio of wall |"


def faces(rows: list[dict[str, Any]]) -> list[str]:
    lines = [
        "## Faces covered in a clip",
        "Looking at every picture, joining what was found, and the film with its sound, beside `deface`’s own command "
        "in an environment of its own, on the same film in the same run (`deface --keep-audio`, its defaults "
        "otherwise: its network on OpenCV). A ratio below 1 is less than `deface` needs. Seconds.",
        HEAD,
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for row in rows:
        ours, theirs = row["ours"], row["deface"]
        cells = [row["film"], *(f"{one[what]:.1f}" for one in (ours, theirs) for what in ("cpu_s", "wall_s"))]
        cells += [f"{ours[what] / theirs[what]:.2f}" for what in ("cpu_s", "wall_s")]
        lines.append(f"| {' | '.join(cells)} |")
    return ["\n\n".join(lines[:2]), "\n".join(lines[2:])]
