"""Checking a lesson by ear: its sound, what was answered so far, the rooms that are known, and the page that asks."""
