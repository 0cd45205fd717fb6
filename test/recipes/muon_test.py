"""Steps of models/recipes/muon.py. test/recipes/training.test.ts runs it."""

import unittest

import torch
from torch import nn

from muon import Muon, orthogonal


class Steps(unittest.TestCase):
    def test_an_update_has_the_gradients_directions_all_equally_strong(self):
        torch.manual_seed(2)
        for shape in ((24, 90), (90, 24), (4, 16, 30)):
            matrices = torch.randn(shape) * torch.logspace(0, -1, shape[-1])
            values = torch.linalg.svdvals(orthogonal(matrices))
            self.assertTrue(0.6 < float(values.min()) and float(values.max()) < 1.25, values)
            left, _, right = torch.linalg.svd(matrices, full_matrices=False)
            turned = left.mT @ orthogonal(matrices) @ right.mT
            off = turned - torch.diag_embed(turned.diagonal(dim1=-2, dim2=-1))
            self.assertLess(float(off.abs().max()), 1e-3)

    def test_gates_are_matrices_of_their_own(self):
        torch.manual_seed(2)
        weight, alone = nn.Parameter(torch.zeros(8, 5)), nn.Parameter(torch.zeros(2, 5))
        weight.grad = torch.randn(8, 5)
        alone.grad = weight.grad[2:4].clone()
        for parameter, parts in ((weight, 4), (alone, 1)):
            Muon([{"params": [parameter], "parts": parts}], 0.1).step()
        torch.testing.assert_close(weight[2:4], alone)

    def test_weights_shrink_where_nothing_is_learned(self):
        weight = nn.Parameter(torch.ones(2, 2))
        weight.grad = torch.zeros(2, 2)
        Muon([{"params": [weight]}], 0.1, decay=0.5).step()
        torch.testing.assert_close(weight.detach(), torch.full((2, 2), 0.95))


if __name__ == "__main__":
    unittest.main()
