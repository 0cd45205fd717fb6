"""The learning rate over a run."""


def trapezoid(step, share, warm_up=500, fall=0.25, least=0.01):
    """A factor of the highest rate: it rises over `warm_up` steps, stays, and falls over the run's last part.

    `share`: how much of the run is over, 0 ... 1. As the middle is flat, a run that goes on another day loses only what
    the fall had gained, and finds it again in the next one.
    """
    rise = min(1.0, (step + 1) / warm_up)
    return rise * max(least, min(1.0, (1 - share) / fall))
