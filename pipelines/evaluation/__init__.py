"""How right a lesson is, against a truth that people made: speakers, roles, and what it does to each measure."""
