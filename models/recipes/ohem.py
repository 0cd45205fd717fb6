"""Loss of CRAFT's two maps with online hard example mining, as the paper has it and as published trainers do."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mining:
    """How the squared errors of one map become a loss.

    Pixels of the truth above `positive` count by their mean. Of the others the worst count by theirs: `ratio` times as many as
    there are positive ones.
    """

    positive: float = 0.1
    ratio: int = 3
    # Whether each picture is mined by itself, or all of a batch together.
    by_picture: bool = True
    # Negatives that a picture without any positive pixel gives.
    least: int = 500
    # Whether confidence weighs errors before the worst are sought (True) or only what was found (False).
    weighs_first: bool = True
    # Whether a truth of exactly `positive` is positive.
    closed: bool = False


# `paper` is what is used here. The others are those of public trainers, named as in their repositories' owners.
VARIANTS = {
    "paper": Mining(),
    "brooklyn": Mining(by_picture=False, least=0),
    "backtime": Mining(closed=True),
    "backtime-craft": Mining(by_picture=False, least=0, weighs_first=False),
}


def mined_loss(region, affinity, true_region, true_affinity, confidence, mining=VARIANTS["paper"]):
    """Both maps' losses, mined apart and added. All are pictures x height x width; `confidence` in 0 ... 1, 0 to ignore."""
    return _map_loss(region, true_region, confidence, mining) + _map_loss(affinity, true_affinity, confidence, mining)


def _map_loss(predicted, truth, confidence, mining):
    errors = (predicted.float() - truth).square()
    if not mining.by_picture:
        return _mine(errors.flatten(), truth.flatten(), confidence.flatten(), mining)
    parts = zip(errors.flatten(1), truth.flatten(1), confidence.flatten(1), strict=True)
    return sum(_mine(*part, mining) for part in parts) / len(errors)


def _mine(errors, truth, confidence, mining):
    positive = (truth >= mining.positive if mining.closed else truth > mining.positive) & (confidence > 0)
    negative = ~positive & (confidence > 0)
    weighed = errors * confidence
    ranked = (weighed if mining.weighs_first else errors)[negative]
    wanted = mining.ratio * int(positive.sum()) or mining.least
    worst = ranked.topk(min(wanted, len(ranked))).indices
    loss = weighed[negative][worst].sum() / max(len(worst), 1)
    return loss + weighed[positive].sum() / max(int(positive.sum()), 1)
