"""Labels of a codebook as HTML."""

from __future__ import annotations

from html import escape

from coaching.codebooks import Label


def tag(label: Label) -> str:
    return f'<span class="sl-tag"><i class="dot {label.colour}"></i>{escape(label.name)}</span>'


def described(label: Label) -> str:
    scale = f"<small>Scale: {escape(', '.join(label.scale))}</small>" if label.scale else ""
    return (
        f'<b><i class="dot {label.colour}" title="{label.colour.capitalize()}"></i>{escape(label.name)}</b>'
        f"<span>{escape(label.meaning)}{scale}</span>"
    )
