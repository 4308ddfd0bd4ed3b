"""The report: one HTML file that a teacher can read, print and keep. It needs no network and no other file."""

from pipelines.report.builder import render_report

__all__ = ["render_report"]
