"""Use cases: fetch through the gate, check, act, commit."""
