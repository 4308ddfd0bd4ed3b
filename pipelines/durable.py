"""What DBOS keeps in its tables and its memory, and its public calls do not tell. For the engine alone.

All that this project knows of DBOS's inside stands here: the version is pinned, and the tests of the jobs, which kill
workers and stop databases, see that it holds.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence, Set
from typing import Any

from dbos import DBOS, DBOSClient

from pipelines.watch import Watch

REST_S = 0.02
"""How long DBOS rests, seconds, before it waits for the watch's bell: that says when to look into a queue. What it took
the last time has begun by then, and counts."""

ENDED = ("SUCCESS", "ERROR", "CANCELLED")

ROOM_S = 0.01
"""How often it is asked, seconds, whether there is room for what waits."""


def adapt_queues(concurrency: Mapping[str, int], watch: Watch) -> None:
    """A queue's row is one for all workers; how much this one takes at once, and when it looks, is its own.

    DBOS reads that row before each look and each put, though nothing ever changes it: here it is read once. Its thread
    of a queue asks `dequeue_scopes` where to look, right before it does: there it waits for the bell, and for room.
    """
    database, active = _database(), _instance()._active_workflows_set
    read, scopes = database.get_queue, database.dequeue_scopes
    known: dict[str, Any] = {}

    def get_queue(name: str, **options: Any) -> Any:
        if name not in known:
            queue = read(name, **options)
            if queue is None or name not in concurrency:
                return queue
            queue._worker_concurrency, queue._polling_interval_sec = concurrency[name], REST_S
            known[name] = queue
        return known[name]

    def dequeue_scopes(name: str) -> Any:
        waits = watch.wait(name)
        while waits and active.count_for_queue(name) >= concurrency.get(name, 1):
            time.sleep(ROOM_S)
            waits = not watch.stopped
        return scopes(name) if waits else []

    database.get_queue, database.dequeue_scopes = get_queue, dequeue_scopes
    for queue in concurrency:
        DBOS.register_queue(queue, polling_interval_sec=REST_S, on_conflict="never_update")


def looker(queues: Sequence[str]) -> Callable[[], set[str]]:
    """What asks in which of the queues something waits."""
    database = _database()
    rows = database.tables.workflow_status
    query = rows.select().with_only_columns(rows.c.queue_name).distinct()
    query = query.where(rows.c.status == "ENQUEUED", rows.c.queue_name.in_(queues))
    query = query.where(database._in_flight_status_prover())

    def look() -> set[str]:
        with database.engine.connect() as connection:
            return set(connection.execute(query).scalars())

    return look


def held() -> dict[str, set[str]]:
    """The workflows that are said to be at work, by the worker in whose name."""
    database = _database()
    rows = database.tables.workflow_status
    query = rows.select().with_only_columns(rows.c.executor_id, rows.c.workflow_uuid).where(rows.c.status == "PENDING")
    found = defaultdict(set)
    with database.engine.connect() as connection:
        for worker, workflow in connection.execute(query):
            found[worker or ""].add(workflow)
    return dict(found)


def at_work_here() -> set[str]:
    """The workflows that this process is at."""
    return set(_instance()._active_workflows_set.activeList())


def put_back(workflow: str, worker: str) -> bool:
    """Into its queue again, where it still is in this worker's name."""
    return bool(_database().reenqueue_for_recovery(workflow, [worker], "_dbos_internal_queue"))


def has_ended(workflow: str) -> bool:
    """Whether the queue has done with it: also with one of which our rows heard nothing."""
    status = _database().get_workflow_status(workflow)
    return status is not None and status["status"] in ("SUCCESS", "ERROR")


def forget(database: str, runs: Set[str]) -> None:
    """Delete the history of runs that are no more, without taking part. What a worker is at, it ends by itself."""
    client = DBOSClient(system_database_url=database)
    try:
        ended = client.list_workflows(status=[*ENDED, "ENQUEUED"], load_input=False, load_output=False)
        client.delete_workflows([w.workflow_id for w in ended if w.workflow_id.partition("-")[0] in runs])
    finally:
        client.destroy()


def _instance() -> Any:
    from dbos._dbos import _get_dbos_instance

    return _get_dbos_instance()


def _database() -> Any:
    return _instance()._sys_db
