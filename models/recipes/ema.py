"""An average of the weights over the last steps: it reads better than the weights of any one step."""

import torch


class Ema:
    def __init__(self, network, decay=0.999):
        self.decay = decay
        self.steps = 0
        self.average = {name: tensor.detach().clone() for name, tensor in network.state_dict().items()}

    @torch.no_grad()
    def update(self, network):
        self.steps += 1
        # Early on, an average over few steps: the weights that a network begins with say nothing.
        decay = min(self.decay, (1 + self.steps) / (10 + self.steps))
        for name, tensor in network.state_dict().items():
            if tensor.is_floating_point():
                self.average[name].lerp_(tensor, 1 - decay)
            else:
                self.average[name].copy_(tensor)

    def state_dict(self):
        return {"steps": self.steps, "average": self.average}

    def load_state_dict(self, state):
        self.steps = state["steps"]
        for name, tensor in state["average"].items():
            self.average[name].copy_(tensor)
