"""What others wrote, as lines of who, what and when: one function `(bytes, name) -> list[Line]` for each format."""
