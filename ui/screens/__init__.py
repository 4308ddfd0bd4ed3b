"""One page each. A screen asks `session.viewer()` who looks, and reads through the gate."""
