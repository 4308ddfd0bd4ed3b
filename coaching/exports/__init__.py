"""A lesson in the formats of other programs: one function `Lesson -> str` for each."""
