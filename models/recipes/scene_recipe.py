"""Trains a detector with CRAFT's maps on the shards of `placard synth scenes`: what models/<id>/train.py is made of."""

from pathlib import Path

import torch

from augment import OF_PICTURES, Augmentation, Strength
from command import common_options, finish_options, train
from craft_lite import MULTIPLE, CraftLite
from export import Exported, open_network
from graph import craft_lite_graph
from lines import Source, gather
from ohem import mined_loss
from scenes import Batch, Scenes, Window, pack_scenes

MEAN = (0.485, 0.456, 0.406)
DEVIATION = (0.229, 0.224, 0.225)
MOST_HELD_OUT = 64
CANVAS = 1920
"""Pixels of a picture's longer side that is read with it, at most: letters lower than seven pixels were not learned."""
THRESHOLD = 0.4
"""Above this score a map's pixel is text, as the engine cuts maps."""
STRENGTH = Strength(coarsen=0.15, blur=0.15, tone=0.5, noise=0.2, invert=0.05, loudest_noise=0.08)


class SceneRecipe:
    """What Training asks of a recipe, for scenes and CRAFT's maps."""

    what = "scenes"
    outer = ("stem.", "maps.")

    def __init__(self, options, device, say):
        self.options, self.device, self.say = options, device, say
        torch.manual_seed(options.seed)
        self.network = CraftLite()
        self.window = Window(options.side)
        self.augment = Augmentation(options.seed, options.ramp, OF_PICTURES, STRENGTH)
        self.cache = Path(options.cache or Path(options.out) / "packed")
        self.sources = [Source.parse(text) for text in options.shards]
        self.scenes = None

    def facts(self):
        """What a run that goes on must have in common with how it began."""
        return {name: getattr(self.options, name) for name in ("side", "pictures", "ramp")}

    def begin_pass(self, number, facts):
        shards, shares = gather(self.sources, facts and facts["shards"], "scenes")
        if self.scenes is None or self.scenes.digests != [shard.sha256 for shard in shards]:
            pack_scenes(shards, self.cache, self.options.processes, self.say)
            self.scenes = Scenes(shards, shares, self.cache, self.window)
            self.say(f"{len(self.scenes.places)} scenes to learn from, of {len(shards)} shards")
        places = self.scenes.order(self.options.seed, number, self.options.pictures)
        return {"shards": [shard.sha256 for shard in shards]}, places

    def take(self, place):
        return self.scenes.batch(place)

    def size(self, batch):
        return len(batch.pictures)

    def split(self, batch, parts):
        size = -(-len(batch.pictures) // parts)
        for pictures, maps, counts in zip(batch.pictures.split(size), batch.maps.split(size), batch.counts.split(size)):
            yield Batch(pictures, maps, counts)

    def loss(self, batch, step):
        pictures = self.augment(batch.pictures.to(self.device, non_blocking=True), step)
        answered = self.network(self.normalized(pictures))
        maps, counts = batch.maps.to(self.device).float() / 255, batch.counts.to(self.device).float()
        return mined_loss(answered[:, 0], answered[:, 1], maps[:, 0], maps[:, 1], counts)

    def normalized(self, pictures):
        mean, deviation = (torch.tensor(values, device=pictures.device)[:, None, None] for values in (MEAN, DEVIATION))
        return ((pictures - mean) / deviation).contiguous(memory_format=torch.channels_last)

    def evaluate(self, network):
        """The maps' pixels above the threshold: how many are right, and how many of the truth's there are."""
        right, found, true, count = torch.zeros(2), torch.zeros(2), torch.zeros(2), 0
        for batch in self.held_out():
            with torch.no_grad():
                answered = network(self.normalized(batch.pictures.to(self.device).float() / 255)).cpu() > THRESHOLD
            truth, counts = batch.maps > 255 * THRESHOLD, batch.counts[:, None]
            right += (answered & truth & counts).sum((0, 2, 3))
            found += (answered & counts).sum((0, 2, 3))
            true += (truth & counts).sum((0, 2, 3))
            count += len(batch.pictures)
        overlap = 2 * right / (found + true).clamp(min=1)
        return {"held out": {"n": count, "region": float(overlap[0]), "affinity": float(overlap[1])}}

    def held_out(self):
        if self.scenes is None:
            # The run was over before this session began: no pass has looked at the shards.
            self.begin_pass(0, None)
        return self.scenes.held_out(MOST_HELD_OUT)

    def exported(self, network):
        def cut(content):
            """What the exported network calls text on pictures that are only read."""
            session = open_network(content)
            pictures = (self.normalized(batch.pictures.float() / 255).contiguous() for batch in self.held_out())
            return [session.run(None, {"picture": picture.numpy()})[0] > THRESHOLD for picture in pictures]

        def same(ours, theirs):
            """16 bits hold where less than one pixel of ten thousand changes sides."""
            return (ours != theirs).mean() < 1e-4

        random = torch.Generator().manual_seed(1)
        return Exported(
            network=network,
            inputs=[torch.randn(2, 3, height, width, generator=random) for height, width in ((64, 96), (128, 64))],
            layout=(0, 1, 2, 3),
            graph=lambda half: craft_lite_graph(network, half),
            read=cut,
            same=same,
            timed=torch.zeros(1, 3, 640, 640),
            title="a picture of 640 x 640",
            files={},
            contract={
                "task": "detect",
                "decoder": "craft",
                "input": {
                    "layout": "nchw",
                    "order": "rgb",
                    "mean": list(MEAN),
                    "std": list(DEVIATION),
                    "multipleOf": MULTIPLE,
                },
                "detection": {"canvasSize": CANVAS},
            },
        )


def main(id, title, arguments=None):
    """Trains, exports and writes the card. Returns the exit status: 130 for a run that was stopped and can go on."""
    parser = common_options(id, "placard synth scenes", ramp=1000)
    add = parser.add_argument
    add("--side", type=int, default=384, metavar="PIXELS", help="of the windows that are learned from (%(default)s)")
    add("--pictures", type=int, default=8, help="windows of a batch (%(default)s)")
    options = finish_options(parser, arguments)
    return train(parser, options, {"id": id, "title": title}, lambda device, say: SceneRecipe(options, device, say))
