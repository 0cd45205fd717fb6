"""Where a run stands, in a file from which it goes on as if it had never been stopped."""

import pickle
from pathlib import Path

import torch

from failure import RecipeError
from files import replace


def save(path, state):
    """Whole or not at all: a kill in the middle leaves the file that was there."""
    replace(path, lambda file: torch.save(state, file))


def load(path):
    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, RuntimeError, EOFError, KeyError, pickle.UnpicklingError) as error:
        raise RecipeError(f"the checkpoint {path} cannot be read: {error}") from error


def save_weights(path, weights, facts):
    """The averaged weights alone, in 16 bits: small enough to be committed, so that training goes on another day."""
    half = {name: tensor.half() if tensor.is_floating_point() else tensor for name, tensor in weights.items()}
    save(path, {"weights": half, **facts})


def begin_from(network, path):
    """Gives a network the weights of a file of `save_weights` or of a checkpoint. Returns the names that did not fit.

    Layers of another shape stay as they are: with another alphabet those are the last ones, and what sees stays.
    """
    state = load(Path(path))
    weights = state.get("weights") or state.get("average", {}).get("average")
    if not weights:
        raise RecipeError(f"{path} has no weights")
    own = network.state_dict()
    fitting = {name: tensor for name, tensor in weights.items() if name in own and own[name].shape == tensor.shape}
    if not fitting:
        raise RecipeError(f"{path} is of another network: no layer has its name and shape here")
    network.load_state_dict(fitting, strict=False)
    return sorted(set(own) - set(fitting))
