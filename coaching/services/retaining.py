"""Films go as schools decided: first in the rows, then their files."""

from __future__ import annotations

import logging
from pathlib import Path

from coaching import originals
from coaching.retention import Retention

log = logging.getLogger(__name__)


def retain(retention: Retention, data: Path, *, begun: bool = False) -> int:
    """Warn of what is due and delete it; of how many films. Killed at any point, the next time goes on from there: once
    the rows say that a film is gone, its files are removed until nothing of it lies there."""
    done = retention.look(begun=begun)
    for recording in retention.to_remove():
        if originals.remove_film(data, recording):
            retention.removed(recording)
            log.info("film deleted", extra={"recording": recording})
        else:
            log.warning("film not deleted yet", extra={"recording": recording})
    return done
