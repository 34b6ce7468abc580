"""What proving soundness costs: the largest bundled procedure, and twelve loops side by side."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from time import process_time

from engine.checks.soundness import prove
from engine.diagram import read_diagram
from tests.builders import par, process, user, xor

from . import Figure

LARGEST = Path(__file__).parents[1] / "bpmn/mediation/process.bpmn"
WIDTH = 12


def measure() -> Iterator[Figure]:
    """Processor time of one proof, and the markings it went through."""
    loops = "\n".join(f"s -> x{n} -> j\nx{n} -> y{n} -> x{n}" for n in range(WIDTH))
    parts = [part for n in range(WIDTH) for part in (xor(f"x{n}"), user(f"y{n}"))]
    wide = process(f"start -> s\nj -> end\n{loops}", par("s"), par("j"), *parts)
    for name, xml in (("mediation", LARGEST.read_bytes()), (f"{WIDTH} loops at once", wide)):
        diagram = read_diagram(xml)
        begun = process_time()
        proof = prove(diagram)
        took = 1000 * (process_time() - begun)
        yield Figure(f"soundness of {name}: markings", proof.states, "")
        yield Figure(f"soundness of {name}: proved", took, "ms", "<= 1000")
