"""How tests draw random people who do random things, one step after the other."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test


def run_of(machine: type[RuleBasedStateMachine], kind: str, examples: int) -> None:
    """So many stories of twenty steps on a database of this `kind`."""
    run_state_machine_as_test(
        type("Of", (machine,), {"kind": kind}),
        settings=settings(
            max_examples=examples,
            stateful_step_count=20,
            deadline=None,
            phases=[Phase.generate],  # to make a failure shorter would take many minutes
            suppress_health_check=list(HealthCheck),
        ),
    )
