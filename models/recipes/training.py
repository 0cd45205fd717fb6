"""The loop that recipes share: steps, checkpoints, evaluations, and a way out of what goes wrong.

A recipe is an object with

    network                     what is trained
    outer                       what names of its first and last weights begin with: AdamW trains those, Muon the matrices between
    begin_pass(number, facts)   (facts, batches) of a pass over the data: what decides its order, as plain data, and a list of
                                anything `take` knows. `facts` of a pass that was begun before give the same list again
    take(place)                 a batch; called in another thread
    split(batch, parts)         the batch in parts
    loss(part, step)            a scalar; the network is in training mode
    size(batch)                 how many lines or pictures it has
    evaluate(network)           figures by set, {"set": {"exact": 0.5, ...}}, of a network with averaged weights
"""

import copy
import math
import platform
import signal
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import torch

from ahead import ahead
from checkpoint import load, save
from ema import Ema
from failure import RecipeError
from muon import Muon
from schedule import trapezoid

CHECKPOINT = "checkpoint.pt"
SAY_SECONDS = 15
MOST_LOST = 20
OUT_OF_MEMORY = getattr(torch, "OutOfMemoryError", torch.cuda.OutOfMemoryError)


# What may change from one session of a run to the next.
_FREE = ("steps", "hours", "evaluate_every", "save_seconds")


@dataclass
class Plan:
    """How a run goes. It ends after `steps` or after `hours` of training, whichever comes first; sessions add up."""

    steps: int | None = None
    hours: float | None = None
    seed: int = 1
    rate: float = 2e-3
    decay: float = 0.05
    clip: float = 5.0
    warm_up: int = 500
    average: float = 0.9998
    evaluate_every: int = 2000
    save_seconds: float = 300

    def decisive(self):
        """What a run that goes on must have in common with how it began."""
        return {name: value for name, value in asdict(self).items() if name not in _FREE}

    def share(self, step, seconds):
        """How much of the run is over, 0 ... 1."""
        by_steps = step / self.steps if self.steps else 0
        by_time = seconds / (self.hours * 3600) if self.hours else 0
        return min(1.0, max(by_steps, by_time))


class Stop:
    """Notes SIGINT and SIGTERM, so that a run ends after the step it is at."""

    def __enter__(self):
        self.asked = False
        self.before = {number: signal.signal(number, self._ask) for number in (signal.SIGINT, signal.SIGTERM)}
        return self

    def __exit__(self, *_):
        for number, handler in self.before.items():
            signal.signal(number, handler)

    def _ask(self, number, frame):
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True


def device_of(name):
    """`name`, or the GPU where there is one."""
    device = torch.device(name or ("cuda" if torch.cuda.is_available() else "cpu"))
    if device.type == "cuda" and not torch.cuda.is_available():
        raise RecipeError("there is no GPU that torch can use here; leave --device out")
    return device


def half_precision(device):
    """The 16-bit type that the device multiplies in hardware, else None."""
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else None
    cpu = Path("/proc/cpuinfo")
    flags = cpu.read_text() if cpu.exists() else ""
    return torch.bfloat16 if "amx_bf16" in flags or "avx512_bf16" in flags else None


class Training:
    def __init__(self, recipe, plan, folder, device, say, facts=None):
        self.recipe, self.plan, self.device, self.say = recipe, plan, device, say
        self.path = Path(folder) / CHECKPOINT
        self.half = half_precision(device)
        self.network = recipe.network.to(device, memory_format=torch.channels_last)
        self.ema = Ema(self.network, plan.average)
        self.optimizers = self._optimizers()
        self.step = self.lost = 0
        self.seconds = 0.0
        self.parts = 1
        self.number, self.position, self.facts = 0, 0, None
        self.history = []
        self.about = {"recipe": facts or {}, "plan": plan.decisive()}
        self.sizes = 0

    def _optimizers(self):
        matrices, gates, others, small = [], [], [], []
        for name, parameter in self.network.named_parameters():
            # What an input meets first and what gives the classes are no maps from one inner space to another.
            inner = parameter.ndim > 1 and not name.startswith(self.recipe.outer)
            kind = small if parameter.ndim <= 1 else others if not inner else gates if "recurrence" in name else matrices
            kind.append(parameter)
        plan = self.plan
        inner = [group for group in ({"params": matrices}, {"params": gates, "parts": 4}) if group["params"]]
        # Biases and normalizations are not weights: nothing is gained by keeping them small.
        outer = [{"params": others, "weight_decay": plan.decay}, {"params": small, "weight_decay": 0.0}]
        optimizers = [torch.optim.AdamW(outer, plan.rate, betas=(0.9, 0.98), fused=True)]
        return [Muon(inner, plan.rate, decay=plan.decay), *optimizers] if inner else optimizers

    def state(self):
        return {
            "about": self.about,
            "network": self.network.state_dict(),
            "average": self.ema.state_dict(),
            "optimizers": [optimizer.state_dict() for optimizer in self.optimizers],
            "step": self.step,
            "seconds": self.seconds,
            "sizes": self.sizes,
            "parts": self.parts,
            "place": {"number": self.number, "position": self.position, "facts": self.facts},
            "history": self.history,
        }

    def save(self):
        save(self.path, self.state())

    def resume(self):
        """Goes on from the folder's checkpoint, where there is one. Returns whether there was."""
        if not self.path.exists():
            return False
        state = load(self.path)
        if state["about"] != self.about:
            differing = _differing(state["about"], self.about)
            raise RecipeError(f"{self.path} is of a run with other options ({differing}): choose another --out")
        self.network.load_state_dict(state["network"])
        self.ema.load_state_dict(state["average"])
        for optimizer, own in zip(self.optimizers, state["optimizers"], strict=True):
            optimizer.load_state_dict(own)
        self.step, self.seconds, self.parts, self.sizes = (state[name] for name in ("step", "seconds", "parts", "sizes"))
        self.number, self.position, self.facts = (state["place"][name] for name in ("number", "position", "facts"))
        self.history = state["history"]
        return True

    def averaged(self):
        """A copy of the network with the averaged weights, ready to read."""
        network = copy.deepcopy(self.network)
        network.load_state_dict(self.ema.average)
        return network.eval()

    @property
    def share(self):
        return self.plan.share(self.step, self.seconds)

    def run(self):
        """Trains until the plan is fulfilled (True) or the process is asked to stop (False). Leaves a checkpoint either way."""
        saved = told = time.monotonic()
        with Stop() as stop:
            while self.share < 1 and not stop.asked:
                self.facts, places = self.recipe.begin_pass(self.number, self.facts)
                if not places:
                    raise RecipeError("nothing is left to learn from: every line was left out")
                batches = ahead(map(self.recipe.take, places[self.position :]))
                for batch in batches:
                    began = time.monotonic()
                    loss = self._learn(batch)
                    now = time.monotonic()
                    self.seconds += now - began
                    self.position += 1
                    self.step += 1
                    self.sizes += self.recipe.size(batch)
                    if now - told > SAY_SECONDS or self.step == 1:
                        told = now
                        self._tell(loss)
                    if self.step % self.plan.evaluate_every == 0:
                        self._evaluate(loss)
                    if now - saved >= self.plan.save_seconds:
                        saved = now
                        self.save()
                    if self.share >= 1 or stop.asked:
                        break
                else:
                    self.number, self.position, self.facts = self.number + 1, 0, None
                batches.close()
            if self.share >= 1 and (not self.history or self.history[-1]["step"] != self.step):
                self._evaluate(None)
            self.save()
        return self.share >= 1

    def _learn(self, batch):
        """One step. Where memory runs out, the batch is taken in twice as many parts from then on."""
        while True:
            try:
                return self._attempt(batch)
            except OUT_OF_MEMORY as error:
                if self.parts >= self.recipe.size(batch):
                    raise RecipeError(f"a single line or picture is too much for the memory of {self.device}") from error
            self.parts *= 2
            self.network.zero_grad(set_to_none=True)
            if self.device.type == "cuda":
                torch.cuda.empty_cache()
            self.say(f"the memory of {self.device} ran out: batches are taken in {self.parts} parts from now on")

    def _attempt(self, batch):
        # Every step has its own seed, so that nothing has to be remembered of what was drawn at random before it.
        torch.manual_seed(self.plan.seed * 1_000_003 + self.step)
        self.network.train()
        rate = self.plan.rate * trapezoid(self.step, self.share, self.plan.warm_up)
        for optimizer in self.optimizers:
            for group in optimizer.param_groups:
                group["lr"] = rate
        total, whole = 0.0, self.recipe.size(batch)
        for part in self.recipe.split(batch, self.parts):
            with torch.autocast(self.device.type, self.half or torch.bfloat16, enabled=self.half is not None):
                loss = self.recipe.loss(part, self.step) * (self.recipe.size(part) / whole)
            loss.backward()
            total += float(loss.detach())
        norm = float(torch.nn.utils.clip_grad_norm_(self.network.parameters(), self.plan.clip))
        if math.isfinite(norm) and math.isfinite(total):
            for optimizer in self.optimizers:
                optimizer.step()
            self.ema.update(self.network)
            self.lost = 0
        else:
            self.lost += 1
            if self.lost > MOST_LOST:
                raise RecipeError(f"the loss is no number since step {self.step - MOST_LOST}: try a lower --rate")
        self.network.zero_grad(set_to_none=True)
        return total

    def _evaluate(self, loss):
        figures = self.recipe.evaluate(self.averaged())
        self.history.append({"step": self.step, "seconds": round(self.seconds), "loss": loss, "figures": figures})
        for name, values in figures.items():
            said = (f"{key} {value:.4f}" if isinstance(value, float) else f"{key} {value}" for key, value in values.items())
            self.say(f"step {self.step} {name}: {' '.join(said)}")

    def _tell(self, loss):
        share = self.share
        left = self.seconds * (1 - share) / share if share > 0 else 0
        speed = self.sizes / max(self.seconds, 1e-9)
        self.say(
            f"step {self.step} pass {self.number + 1} {share:.1%} loss {loss:.3f} "
            f"{speed:.0f} a second, {left / 3600:.1f} h left"
        )


def _differing(before, now):
    names = [(group, name) for group in now for name in {**before[group], **now[group]}]
    differing = {f"{group}.{name}" for group, name in names if before[group].get(name) != now[group].get(name)}
    return ", ".join(sorted(differing))


def machine():
    """What a run was made on, for its card."""
    gpu = f", {torch.cuda.get_device_name()}" if torch.cuda.is_available() else ""
    return f"{platform.machine()}, {torch.get_num_threads()} threads{gpu}, torch {torch.__version__}"
