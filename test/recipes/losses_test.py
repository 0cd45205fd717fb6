"""Losses of models/recipes: CTC and OHEM. test/recipes/training.test.ts runs it."""

import unittest

import torch
from torch.nn import functional

from alphabet import Alphabet
from ctc import best_paths, ctc_loss, steps_needed
from ohem import VARIANTS, mined_loss


class Losses(unittest.TestCase):
    def test_ctc_counts_lines_without_a_path_as_nothing(self):
        self.assertEqual([steps_needed(label) for label in ([], [1], [1, 1], [1, 2, 2, 2])], [0, 1, 3, 6])
        logits = torch.randn(2, 2, 4, requires_grad=True)
        labels, lengths, weights = torch.tensor([1, 1, 2]), torch.tensor([2, 1]), torch.ones(2)
        loss = ctc_loss(logits, labels, lengths, weights)
        path = torch.log_softmax(logits[:, 1], 1)
        paths = [(2, 2), (2, 0), (0, 2)]
        expected = -torch.logsumexp(torch.stack([path[0, a] + path[1, b] for a, b in paths]), 0) / 2
        self.assertAlmostEqual(float(loss.detach()), float(expected.detach()), 5)
        loss.backward()
        self.assertTrue(bool(torch.isfinite(logits.grad).all()))

    def test_ctc_has_the_gradient_of_pytorch(self):
        logits = (3 * torch.randn(20, 4, 50)).requires_grad_()
        lengths, weights = torch.tensor([3, 5, 1, 20]), torch.tensor([1, 0.5, 0.2, 1])
        labels = torch.cat([torch.randint(1, 50, (9,)), torch.full((20,), 7)])
        steps = torch.full_like(lengths, 20)
        log_probabilities = torch.log_softmax(logits, 2)
        losses = functional.ctc_loss(log_probabilities, labels, steps, lengths, reduction="none", zero_infinity=True)
        expected = (losses / lengths * weights).sum() / weights.sum()
        loss = ctc_loss(logits, labels, lengths, weights)
        torch.testing.assert_close(loss, expected)
        gradients = [torch.autograd.grad(each, logits)[0] for each in (loss, expected)]
        torch.testing.assert_close(*gradients, atol=1e-5, rtol=1e-4)
        self.assertEqual(float(gradients[0][:, 3].abs().max()), 0)

    def test_ctc_weighs_lines(self):
        logits, labels, lengths = torch.randn(5, 2, 4), torch.tensor([1, 2, 3]), torch.tensor([2, 1])
        alone = [
            float(ctc_loss(logits[:, :1], labels[:2], lengths[:1], torch.ones(1))),
            float(ctc_loss(logits[:, 1:], labels[2:], lengths[1:], torch.ones(1))),
        ]
        both = float(ctc_loss(logits, labels, lengths, torch.tensor([1.0, 0.25])))
        self.assertAlmostEqual(both, (alone[0] + 0.25 * alone[1]) / 1.25, 5)
        self.assertEqual(Alphabet("abc").decode(best_paths(torch.eye(4)[torch.tensor([1, 1, 0, 1, 3])][:, None])[0]), "aac")

    def test_mining_takes_three_of_the_worst_for_each_positive(self):
        truth = torch.zeros(2, 2, 6)
        truth[0, 0, 0], truth[0, 0, 1] = 1.0, 0.1
        errors = torch.tensor([9.0, 5, 1, 2, 3, 4, 6, 7, 8, 0, 0, 0]).reshape(2, 6)
        predicted = truth + torch.stack([errors, torch.full((2, 6), 2.0)]).sqrt()
        sure, silent = torch.ones(2, 2, 6), torch.zeros(2, 2, 6)
        same = (silent, silent, silent)

        def of(name, confidence=sure):
            zeros = torch.zeros(2, 2, 6)
            return float(mined_loss(predicted, zeros, truth, zeros, confidence, VARIANTS[name]))

        # First picture: 9, and the mean of 8, 7, 6. Second one has no positive pixel: 2.
        self.assertAlmostEqual(of("paper"), (9 + 7 + 2) / 2, 5)
        # A truth of exactly .1 is positive there: (9 + 5) / 2, and the mean of 8, 7, 6, 4, 3, 2.
        self.assertAlmostEqual(of("backtime"), (7 + 5 + 2) / 2, 5)
        for name in ("brooklyn", "backtime-craft"):
            self.assertAlmostEqual(of(name), 9 + 7, 5)
        # Half sure of the three worst: what is sought after weighing finds others.
        doubt = sure.clone()
        doubt[0, 1, :3] = 0.5
        self.assertAlmostEqual(of("brooklyn", doubt), 9 + (5 + 4 + 4) / 3, 5)
        self.assertAlmostEqual(of("backtime-craft", doubt), 9 + 3.5, 5)
        self.assertEqual(float(mined_loss(*same, *same[:1], silent)), 0)


if __name__ == "__main__":
    unittest.main()
