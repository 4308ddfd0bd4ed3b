"""When a worker looks into which of its queues: at once where it put something in itself, and for what others put in
there one cheap look into all of them together, often after something happened, and seldom later. And who waits for
what ends here hears of it at once."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Sequence

log = logging.getLogger(__name__)

LIVELY_S, LIVELY_LOOK_S, IDLE_LOOK_S = 5.0, 0.05, 0.25
"""For so long after something happened the look is often, then seldom: stages follow one another at once, and an idle
laptop stays cool."""

OUTAGE_S = 1.0
"""How long to wait, seconds, where the database could not be asked."""


class Watch:
    """Rings for queues in which something may wait."""

    def __init__(self, queues: Sequence[str]) -> None:
        self._bells = {queue: threading.Event() for queue in queues}
        self._stirred = -LIVELY_S
        self.stopped = False

    def start(self, look: Callable[[], Collection[str]]) -> None:
        """Look from now on; `look` says in which queues something waits."""
        threading.Thread(target=self._watch, args=(look,), name="watch", daemon=True).start()

    def ring(self, *queues: str) -> None:
        """Something was put into these queues."""
        self.stir()
        for queue in queues:
            if queue in self._bells:
                self._bells[queue].set()

    def stir(self) -> None:
        """Something happened, so more may follow."""
        self._stirred = time.monotonic()

    def stop(self) -> None:
        """From now on nothing waits that this worker would take."""
        self.stopped = True
        for bell in self._bells.values():
            bell.set()

    def wait(self, queue: str) -> bool:
        """Until something may wait in `queue`; False once this worker stops."""
        if (bell := self._bells.get(queue)) and not self.stopped:
            bell.wait()
            bell.clear()  # before the look, so that no ring during it is lost
        return not self.stopped

    def _watch(self, look: Callable[[], Collection[str]]) -> None:
        while True:
            wait = LIVELY_LOOK_S if time.monotonic() - self._stirred < LIVELY_S else IDLE_LOOK_S
            try:
                for queue in look():
                    if queue in self._bells:
                        self._bells[queue].set()
            except Exception as error:  # an outage; whatever it is, the queues must be served after it
                log.warning("look", extra={"kind": type(error).__name__})
                wait = OUTAGE_S
            time.sleep(wait)


class Endings:
    """Lets a parent know at once how a stage ended in this very process."""

    def __init__(self) -> None:
        self._results: dict[str, str | None] = {}
        self._changed = threading.Condition()

    def expect(self, key: str) -> None:
        with self._changed:
            self._results.setdefault(key, None)

    def ring(self, key: str, result: str) -> None:
        """For nobody where nobody expects it: a picture's, or one whose lesson is in another worker's care."""
        with self._changed:
            if key in self._results:
                self._results[key] = result
                self._changed.notify_all()

    def heard(self, key: str, timeout: float) -> str | None:
        with self._changed:
            self._changed.wait_for(lambda: self._results.get(key) is not None, timeout)
            return self._results.get(key)

    def forget(self, key: str) -> None:
        with self._changed:
            self._results.pop(key, None)
