"""What a kernel's entry hands to run.py, and how it is timed."""

import dataclasses
import statistics
import time
from collections.abc import Callable

LEVELS = ("scalar", "avx2", "avx512")


@dataclasses.dataclass
class Comparison:
    """One kernel on one input beside one way to do the same with OpenCV or numpy.

    `ours` and `theirs` do the work once and return the answer (a tuple or an array; the same buffers may be reused).
    `difference(our_answer, their_answer)` is a number that must not exceed `tolerance` before anything is timed; `unit`
    says what it counts. `target` is the ratio theirs / ours that the project wants of a CPU level, if it names one.
    """

    name: str
    opponent: str
    ours: Callable[[], object]
    theirs: Callable[[], object]
    difference: Callable[[object, object], float]
    tolerance: float
    unit: str = "gray levels"
    target: dict[str, float] = dataclasses.field(default_factory=dict)


def seconds_of(work: Callable[[], object], repeats: int) -> float:
    """Processor time: with one thread that is the wall clock's time, less what other processes took."""
    start = time.process_time()
    for _ in range(repeats):
        work()
    return (time.process_time() - start) / repeats


def repeats_for(work: Callable[[], object], seconds: float = 2e-3) -> int:
    """How often to run `work` in one timing, so that the clock and Python's calls do not count."""
    work()
    once = min(seconds_of(work, 1) for _ in range(3))
    return max(1, round(seconds / once))


def summary_of(samples: list[float]) -> dict[str, float]:
    return {"min_ms": min(samples) * 1e3, "median_ms": statistics.median(samples) * 1e3}


def compare(comparison: Comparison, levels: list[str], force: Callable[[str], None], rounds: int) -> dict:
    """Checks the answers at each level, then times everybody in turns. Raises ValueError if an answer is off."""
    differences = {}
    for level in levels:
        force(level)
        worst = float(comparison.difference(comparison.ours(), comparison.theirs()))
        if not worst <= comparison.tolerance:
            raise ValueError(
                f"{comparison.name} at {level} differs from {comparison.opponent} by {worst:.4g} {comparison.unit}, "
                f"more than {comparison.tolerance:g}."
            )
        differences[level] = worst
    repeats = {}
    for level in levels:
        force(level)
        repeats[level] = repeats_for(comparison.ours)
    their_repeats = repeats_for(comparison.theirs)

    theirs: list[float] = []
    ours: dict[str, list[float]] = {level: [] for level in levels}
    for _ in range(rounds):
        theirs.append(seconds_of(comparison.theirs, their_repeats))
        for level in levels:
            force(level)
            ours[level].append(seconds_of(comparison.ours, repeats[level]))

    opponent = summary_of(theirs)
    result = {"name": comparison.name, "opponent": comparison.opponent, "unit": comparison.unit, "theirs": opponent}
    result["ours"] = {}
    for level in levels:
        own = summary_of(ours[level])
        own["difference"] = differences[level]
        own["ratio_of_min"] = opponent["min_ms"] / own["min_ms"]
        own["ratio_of_median"] = opponent["median_ms"] / own["median_ms"]
        if level in comparison.target:
            own["target"] = comparison.target[level]
        result["ours"][level] = own
    return result
