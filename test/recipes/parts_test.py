"""What models/recipes is made of, part by part. test/recipes/training.test.ts runs it."""

import hashlib
import io
import json
import os
import tarfile
import tempfile
import unittest
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import torch
from PIL import Image
from torch import nn

from alphabet import Alphabet
from augment import OF_LINES, OF_PICTURES, Augmentation
from checkpoint import begin_from, load, save, save_weights
from craft_lite import CraftLite
from crnn import Crnn
from distill import Lessons, Teacher
from ema import Ema
from export import parity
from failure import RecipeError
from files import replace
from graph import craft_lite_graph, crnn_graph
from lines import Lines, Source, filled, gather
from packed import Form, PackedShard, pack, scaled
from schedule import trapezoid
from training import OUT_OF_MEMORY, Plan, Training

FORM = Form(32, 1, stretch=8)


def write_shards(folder, shards):
    """`shards`: of each the (text, picture) of its lines, or the record instead of a text."""
    index = {"format": 1, "kind": "lines", "options": {}, "shards": []}
    for number, lines in enumerate(shards):
        content = io.BytesIO()
        with tarfile.open(fileobj=content, mode="w:gz") as archive:
            for place, (said, picture) in enumerate(lines, 1):
                coded = io.BytesIO()
                picture.save(coded, "webp", lossless=True)
                record = said if isinstance(said, dict) else {"text": said}
                for ending, data in (("webp", coded.getvalue()), ("json", json.dumps(record).encode())):
                    entry = tarfile.TarInfo(f"{place:09d}.{ending}")
                    entry.size = len(data)
                    archive.addfile(entry, io.BytesIO(data))
        name = f"lines-{number:06d}.tar.gz"
        Path(folder, name).write_bytes(content.getvalue())
        digest = hashlib.sha256(content.getvalue()).hexdigest()
        index["shards"].append({"file": name, "samples": len(lines), "sha256": digest})
    Path(folder, "index.json").write_text(json.dumps(index))


def gray(width, value, height=32):
    return Image.new("L", (width, height), value)


class Folder(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name)

    def refuses(self, pattern):
        return self.assertRaisesRegex(RecipeError, pattern)


class Shards(Folder):
    def packed(self, shards):
        write_shards(self.folder, shards)
        found, shares = gather([Source(self.folder)])
        for shard in found:
            pack(shard, FORM, self.folder / "packed")
        return [PackedShard(shard, FORM, self.folder / "packed") for shard in found], list(shares)

    def test_lines_come_back_as_they_were_drawn(self):
        ramp = Image.fromarray(np.arange(32 * 50, dtype=np.uint8).reshape(32, 50) // 2)
        [first, second], _ = self.packed([[("ab", ramp), ("c", gray(20, 7, 64))], [("ž", gray(9, 200))]])
        self.assertEqual([first.texts, second.texts], [["ab", "c"], ["ž"]])
        # Lossless webp keeps RGB: luma rounds at most by one.
        self.assertLessEqual(np.abs(first.line(0)[:, :, 0].astype(int) - np.asarray(ramp)).max(), 1)
        self.assertEqual([line.shape for line in (first.line(1), second.line(0))], [(32, 10, 1), (32, 9, 1)])
        self.assertEqual(int(second.line(0).mean()), 200)

    def test_turned_lines_are_left_out(self):
        [shard], _ = self.packed([[({"text": "a", "vertical": True}, gray(9, 1)), ({"text": "b"}, gray(9, 1))]])
        self.assertEqual((shard.texts, shard.turned), (["b"], 1))

    def test_scaling_takes_samples_as_the_engine_does(self):
        picture = Image.fromarray(np.tile(np.arange(0, 240, 2, dtype=np.uint8), (64, 1)))
        columns = scaled(picture, FORM)[5, :, 0]
        # 120 columns become 60: each the mean of the two whose border it lies on.
        np.testing.assert_allclose(columns, np.arange(60) * 4 + 1, atol=1)

    def test_lines_have_the_columns_that_the_contract_says(self):
        wide, narrow = gray(101, 1, 48), gray(20, 1, 48)
        self.assertEqual([Form(32).columns(wide), Form(32, scale=1.2, stretch=64).columns(wide)], [68, 80])
        self.assertEqual([Form(32).columns(narrow), Form(32, scale=1.2, stretch=64).columns(narrow)], [14, 64])

    def test_what_is_broken_is_named(self):
        write_shards(self.folder, [[("a", gray(9, 1))]])
        [shard], _ = gather([Source(self.folder)])
        shard.path.write_bytes(shard.path.read_bytes()[:-3])
        with self.refuses("lines-000000.tar.gz is damaged"):
            pack(shard, FORM, self.folder / "packed")
        shard.path.unlink()
        with self.refuses("lines-000000.tar.gz is missing"):
            pack(shard, FORM, self.folder / "packed")
        self.assertEqual(list((self.folder / "packed").iterdir()), [])
        index = self.folder / "index.json"
        for text, message in (("{", "is not an index"), ('{"format": 2}', "format 2"), ('{"format": 1, "shards": [{}]}', "not an index")):
            index.write_text(text)
            with self.refuses(message):
                gather([Source(self.folder)])
        index.write_text(json.dumps({"format": 1, "kind": "lines", "shards": [{"file": "../x.tar.gz", "samples": 1, "sha256": ""}]}))
        with self.refuses("no shard of this folder"):
            gather([Source(self.folder)])
        with self.refuses("Is this a folder of"):
            gather([Source(self.folder / "none")])

    def test_samples_that_are_no_lines_are_named(self):
        for record, message in (({"lines": []}, "000000001 .* not a picture"), ({"text": 1}, "000000001")):
            write_shards(self.folder, [[(record, gray(9, 1))]])
            [shard], _ = gather([Source(self.folder)])
            with self.refuses(message):
                pack(shard, FORM, self.folder / "packed")

    def lines(self, shards, **options):
        packed, shares = self.packed(shards)
        return Lines(packed, shares, Alphabet("abc "), Crnn.steps_of, **{"widest": 400, **options})

    def test_labels_without_a_path_are_counted_and_left_out(self):
        texts = [("aab", 16), ("aab", 13), ("abc", 9), ("aa", 9), ("ab" * 9, 401), ("", 9)]
        lines = self.lines([[(text, gray(width, 1)) for text, width in texts]])
        self.assertEqual([len(label) for label in lines.labels], [3, 3, 3, 2])
        self.assertEqual(lines.left_out["lines wider than 400 columns"], 1)
        self.assertEqual(lines.left_out["lines without a text"], 1)
        lines = self.lines([[("aab", gray(12, 1)), ("abc", gray(12, 1))]])
        self.assertEqual((len(lines), lines.left_out["labels longer than the network's steps"]), (1, 1))

    def test_characters_outside_the_alphabet_are_named(self):
        shard = [("ab", gray(40, 1)), ("añ漢", gray(40, 1))]
        with self.refuses("outside the alphabet: 'ñ', '漢'|outside the alphabet: '漢', 'ñ'"):
            self.lines([shard])
        lines = self.lines([shard], skip_unknown=True)
        self.assertEqual((len(lines), lines.left_out["labels with characters outside the alphabet"]), (1, 1))

    def test_a_pass_has_each_line_as_often_as_its_share_says_in_an_order_of_its_own(self):
        lines = self.lines([[("a", gray(10 + 7 * i, i)) for i in range(40)]])
        orders = [lines.order(1, number, 256) for number in (0, 0, 1)]
        for order in orders:
            self.assertEqual(sorted(np.concatenate(order).tolist()), list(range(40)))
            for chosen in order:
                columns = filled(int(lines.widths[chosen].max())) * len(chosen)
                self.assertTrue(columns <= 256 or len(chosen) == 1, columns)
        self.assertEqual([order.tolist() for order in orders[0]], [order.tolist() for order in orders[1]])
        self.assertNotEqual([order.tolist() for order in orders[0]], [order.tolist() for order in orders[2]])
        lines.often[:] = 2.5
        self.assertIn(sum(map(len, lines.order(1, 0, 256))), range(85, 116))

    def test_a_batch_is_filled_up_with_last_columns(self):
        lines = self.lines([[("ab", gray(50, 9)), ("cab", gray(60, 90))]])
        batch = lines.batch(np.array([1, 0]))
        self.assertEqual(batch.samples.shape, (2, 1, 32, 64))
        self.assertEqual((batch.labels.tolist(), batch.lengths.tolist()), ([3, 1, 2, 1, 2], [3, 2]))
        self.assertEqual(batch.samples[1].unique().tolist(), [9])


LAYOUT = ((16, (2, 2)), None, (24, (2, 1)), (24, (2, 1)))


def exported(network, inputs, layout):
    return SimpleNamespace(network=network, inputs=inputs, layout=layout)


class Networks(unittest.TestCase):
    def network(self):
        torch.manual_seed(3)
        network = Crnn(11, hidden=12, stem=8, layout=LAYOUT)
        for _ in range(4):
            network(torch.rand(4, 1, 32, 64) * 2 - 1)
        return network.eval()

    def test_the_export_answers_as_torch_does(self):
        network = self.network()
        lines = [torch.rand(2, 1, 32, columns) * 2 - 1 for columns in (48, 336)]
        self.differs_little(network, lines, (1, 0, 2), lambda half: crnn_graph(network, 1, 32, half))
        content = crnn_graph(network, 1, 32)
        self.assertEqual(content.count(b"LSTM"), 1)
        with torch.no_grad():
            network.symbols.bias += 1
        self.assertGreater(parity(exported(network, lines, (1, 0, 2)), content), 0.9)
        narrow = Crnn(300, hidden=12, stem=8, layout=LAYOUT, narrow=6, auxiliary=False).eval()
        self.differs_little(narrow, lines, (1, 0, 2), lambda half: crnn_graph(narrow, 1, 32, half))

    def test_the_detectors_export_answers_as_torch_does(self):
        torch.manual_seed(3)
        network = CraftLite(stem=8, stages=((8, 1), (12, 1), (16, 1), (16, 0)), width=8)
        for _ in range(4):
            network(torch.randn(2, 3, 64, 96))
        pictures = [torch.randn(2, 3, 64, 96), torch.randn(1, 3, 32, 160)]
        self.differs_little(network.eval(), pictures, (0, 1, 2, 3), lambda half: craft_lite_graph(network, half))
        with torch.no_grad():
            self.assertEqual(network(pictures[1]).shape, (1, 2, 16, 80))

    def differs_little(self, network, inputs, layout, graph):
        for half, limit in ((False, 1e-4), (True, 2e-2)):
            difference = parity(exported(network, inputs, layout), graph(half))
            self.assertLess(difference, limit)
        self.assertGreater(difference, 1e-6)

    def test_steps_are_a_quarter_of_the_columns(self):
        network = self.network()
        for columns in (16, 48, 52, 320):
            with torch.no_grad():
                self.assertEqual(network(torch.zeros(1, 1, 32, columns)).shape, (columns // 4, 1, 11))
            self.assertEqual(Crnn.steps_of(columns), columns // 4)
        self.assertEqual(Crnn.steps_of(49), 13)

    def test_changes_follow_from_seed_and_step(self):
        lines = (torch.rand(6, 1, 32, 80) * 255).byte()
        change = Augmentation(5, 4, OF_LINES)
        torch.testing.assert_close(change(lines, 0), lines.float() / 255, atol=1e-3, rtol=0)
        same, other = change(lines, 7), change(lines, 8)
        self.assertTrue(torch.equal(change(lines, 7), same))
        self.assertFalse(same.shape == other.shape and torch.equal(same, other))
        for changed in (same, other):
            self.assertEqual(changed.shape[:3], lines.shape[:3])
            self.assertTrue(60 <= changed.shape[3] <= 104 and changed.shape[3] % 8 == 0)
            self.assertTrue(0 <= float(changed.min()) and float(changed.max()) <= 1)

        pictures = (torch.rand(3, 3, 40, 48) * 255).byte()
        changed = Augmentation(5, 0, OF_PICTURES)(pictures, 1)
        self.assertEqual(changed.shape, pictures.shape)
        self.assertFalse(torch.equal(changed, pictures.float() / 255))

    def test_the_rate_rises_stays_and_falls(self):
        rates = [trapezoid(step, step / 1000, warm_up=100) for step in (0, 49, 99, 500, 750, 875, 1000)]
        np.testing.assert_allclose(rates, [0.01, 0.5, 1, 1, 1, 0.5, 0.01])


class Teaching(Folder):
    def teacher(self, answer):
        """A network that reads `answer` of every line."""
        network = Crnn(4, hidden=4, stem=4, layout=((8, (2, 2)), (8, (2, 1)), (8, (2, 1)))).eval()
        with torch.no_grad():
            network.symbols.weight.zero_()
            network.symbols.bias.copy_(torch.tensor([9.0 if "_abc"[symbol] == answer else 0.0 for symbol in range(4)]))
        content = crnn_graph(network, 1, 32)
        (self.folder / "teacher").mkdir(exist_ok=True)
        (self.folder / "teacher" / "network.onnx").write_bytes(content)
        (self.folder / "teacher" / "alphabet.txt").write_text("a\nb\nc\n")
        contract = {
            "id": "teacher",
            "input": {"order": "gray", "mean": [0.5], "std": [0.5], "height": 32},
            "output": {"values": "logits", "blank": 0, "space": "none", "alphabet": {"file": "alphabet.txt"}},
            "weights": {"file": "network.onnx", "sha256": hashlib.sha256(content).hexdigest()},
        }
        (self.folder / "teacher" / "model.json").write_text(json.dumps(contract))
        return Teacher(self.folder / "teacher")

    def taught(self, answer, texts):
        write_shards(self.folder, [[(text, gray(48, 9)) for text in texts]])
        [shard], _ = gather([Source(self.folder)])
        cache = self.folder / "packed"
        pack(shard, FORM, cache)
        lessons = Lessons(self.teacher(answer), cache, 1, lambda text: None)
        lessons.prepare([shard])
        lines = PackedShard(shard, FORM, cache)
        return [lessons(lines, i) for i in range(len(lines))]

    def test_a_teacher_says_how_legible_lines_are_and_what_unknown_ones_say(self):
        lessons = self.taught("b", ["b", "ab", "c", ""])
        self.assertEqual([text for text, _ in lessons], ["b", "ab", "c", "b"])
        np.testing.assert_allclose([weight for _, weight in lessons], [1, 0.6, 0.2, 1], atol=2e-3)
        self.assertEqual(self.taught("_", ["", "a"]), [("", 0.0), ("a", 0.2)])

    def test_a_teacher_gives_the_vectors_that_tell_its_classes_apart(self):
        teacher = self.teacher("b")
        pupil = Crnn(5, hidden=4, stem=4, layout=LAYOUT, narrow=8, auxiliary=False)
        network = Crnn(4, hidden=4, stem=8, layout=LAYOUT).eval()
        layer = network.symbols
        teacher.weights.write_bytes(crnn_graph(network, 1, 32))
        vectors, biases = teacher.class_vectors("cxab")
        scale = 1.5 / float(layer.weight.norm(dim=1).mean())
        for place, own in ((0, 0), (1, 3), (3, 1), (4, 2)):
            np.testing.assert_allclose(vectors[place], scale * layer.weight[own].detach().numpy(), rtol=1e-5)
            self.assertEqual(biases[place], layer.bias[own])
        self.assertEqual(biases[2], 0)
        pupil.answer_in(vectors, biases)
        optimizer = torch.optim.SGD(pupil.parameters(), 1.0)
        pupil(torch.rand(1, 1, 32, 48)).square().sum().backward()
        before = pupil.narrowed.weight.clone()
        optimizer.step()
        np.testing.assert_array_equal(pupil.symbols.weight.detach().numpy(), vectors)
        self.assertFalse(torch.equal(pupil.narrowed.weight, before))

    def test_another_file_than_the_contracts_is_no_teacher(self):
        self.teacher("a")
        (self.folder / "teacher" / "network.onnx").write_bytes(b"other")
        with self.refuses("its SHA-256 differs"):
            Teacher(self.folder / "teacher")
        with self.refuses("no teacher in"):
            Teacher(self.folder / "nobody")


class Toy:
    """A recipe that fits a line to four points."""

    what, outer = "points", ("weight",)

    def __init__(self, limit=None):
        torch.manual_seed(0)
        self.network, self.limit = nn.Linear(1, 1), limit

    def begin_pass(self, number, facts):
        return {"number": number}, [torch.tensor([[0.0], [1.0], [2.0], [number % 2 + 1.0]])] * 3

    def take(self, place):
        return place

    def size(self, batch):
        return len(batch)

    def split(self, batch, parts):
        return batch.split(-(-len(batch) // parts))

    def loss(self, part, step):
        if self.limit and len(part) > self.limit:
            raise OUT_OF_MEMORY("out of memory")
        return ((self.network(part) - 2 * part - 1) ** 2).mean()

    def evaluate(self, network):
        return {"points": {"n": 4, "exact": float(network(torch.ones(1, 1)).detach())}}


class Runs(Folder):
    def training(self, recipe=None, said=None, **plan):
        plan = Plan(**{"steps": 300, "rate": 0.1, "warm_up": 5, "decay": 0.0, **plan})
        say = said.append if said is not None else lambda text: None
        return Training(recipe or Toy(), plan, self.folder, torch.device("cpu"), say)

    def test_a_run_learns_and_goes_on_to_more_steps(self):
        training = self.training()
        self.assertTrue(training.run())
        self.assertAlmostEqual(training.history[-1]["figures"]["points"]["exact"], 3, 1)
        again = self.training(steps=310)
        self.assertTrue(again.resume())
        again.run()
        self.assertEqual((again.step, again.sizes), (310, 1240))

    def test_batches_are_taken_in_parts_where_memory_runs_out(self):
        said = []
        parted, whole = self.training(Toy(limit=1), said, steps=5), self.training(steps=5)
        parted.run()
        whole.run()
        self.assertEqual(parted.parts, 4)
        self.assertEqual(sum("ran out" in text for text in said), 2)
        torch.testing.assert_close(parted.network.weight, whole.network.weight)
        with self.refuses("too much for the memory"):
            self.training(Toy(limit=0.5)).run()

    def test_a_loss_that_is_no_number_ends_the_run(self):
        recipe = Toy()
        recipe.loss = lambda part, step: recipe.network(part).mean() * float("nan")
        with self.refuses("no number since step 0: try a lower --rate"):
            self.training(recipe).run()
        self.assertTrue(bool(torch.isfinite(recipe.network.weight).all()))

    def test_a_file_is_whole_or_not_at_all(self):
        path = self.folder / "state.pt"
        save(path, {"step": 1})

        def fail(file):
            file.write(b"half")
            raise OSError("no space left on device")

        with self.assertRaises(OSError):
            replace(path, fail)
        self.assertEqual(load(path), {"step": 1})
        self.assertEqual(os.listdir(self.folder), ["state.pt"])
        path.write_bytes(path.read_bytes()[:40])
        with self.refuses("cannot be read"):
            load(path)

    def test_weights_go_into_another_alphabets_network(self):
        small = {"hidden": 4, "stem": 4, "layout": ((8, (2, 2)), (8, (2, 1)), (8, (2, 1)))}
        torch.manual_seed(1)
        old, new = Crnn(5, **small), Crnn(9, **small)
        save_weights(self.folder / "weights.pt", Ema(old).average, {"id": "old"})
        left = begin_from(new, self.folder / "weights.pt")
        self.assertEqual(left, ["auxiliary.bias", "auxiliary.weight", "symbols.bias", "symbols.weight"])
        torch.testing.assert_close(new.recurrence.weight_hh_l0, old.recurrence.weight_hh_l0, atol=1e-3, rtol=1e-2)
        with self.refuses("of another network"):
            begin_from(nn.Linear(2, 2), self.folder / "weights.pt")


if __name__ == "__main__":
    unittest.main()
