"""What a diagram may ask the product to do, and what the product does."""

from __future__ import annotations

from engine.checks import OPERATIONS
from engine.commands.effects import AT_HAND, REGISTERS
from engine.commands.printing import VERIFYING
from engine.commands.signing_files import SIGNING
from engine.commands.using_seals import SEALING


def test_a_service_task_may_ask_for_what_the_registers_do_and_nothing_else():
    assert {*REGISTERS, *AT_HAND, SEALING, SIGNING, VERIFYING} == OPERATIONS
