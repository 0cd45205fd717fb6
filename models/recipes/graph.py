"""ONNX graphs written node by node: each layer the operator that runtimes have fused kernels for."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from torch import nn

OPSET = 14


class Graph:
    """Nodes in the order they run, and the weights that they read. `half`: weights are stored in 16 bits and widened at load."""

    def __init__(self, half=False):
        self.half = half
        self.nodes, self.weights = [], []

    def weight(self, name, values):
        """A constant of the graph, by name. Integers, and vectors such as biases, stay as they are."""
        values = np.ascontiguousarray(values)
        if not self.half or values.dtype != np.float32 or values.ndim < 2:
            self.weights.append(numpy_helper.from_array(values, name))
            return name
        self.weights.append(numpy_helper.from_array(values.astype(np.float16), f"{name}.f16"))
        self.nodes.append(helper.make_node("Cast", [f"{name}.f16"], [name], name=name, to=TensorProto.FLOAT))
        return name

    def add(self, kind, inputs, output, **attributes):
        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, **attributes))
        return output

    def convolution(self, name, values, weight, bias, stride, padding, group=1):
        return self.add(
            "Conv",
            [values, self.weight(f"{name}.weight", weight), self.weight(f"{name}.bias", bias)],
            name,
            strides=list(stride),
            pads=[*padding, *padding],
            kernel_shape=list(weight.shape[2:]),
            group=group,
        )

    def lstm(self, name, values, layer):
        """steps x lines x inputs become lines x steps x 2 hidden, by one operator that reads from both ends."""

        def both(part):
            ways = [getattr(layer, f"{part}_l0{way}").detach().numpy() for way in ("", "_reverse")]
            # torch: input, forget, cell, output. ONNX: input, output, forget, cell.
            gates = [np.split(values, 4) for values in ways]
            return np.stack([np.concatenate([i, o, f, c]) for i, f, c, o in gates])

        inputs = [
            values,
            self.weight(f"{name}.w", both("weight_ih")),
            self.weight(f"{name}.r", both("weight_hh")),
            self.weight(f"{name}.b", np.concatenate([both("bias_ih"), both("bias_hh")], 1)),
        ]
        self.add("LSTM", inputs, f"{name}.both", hidden_size=layer.hidden_size, direction="bidirectional")
        # steps x ways x lines x hidden
        self.add("Transpose", [f"{name}.both"], f"{name}.turned", perm=[2, 0, 1, 3])
        shape = self.weight(f"{name}.shape", np.array([0, 0, 2 * layer.hidden_size], np.int64))
        return self.add("Reshape", [f"{name}.turned", shape], f"{name}.steps")

    def model(self, title, given, answered, metadata):
        """`given` and `answered`: (name, shape) of the one input and the one output; names in a shape are of any size."""
        [inputs, outputs] = [
            [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)] for name, shape in (given, answered)
        ]
        graph = helper.make_graph(self.nodes, title, inputs, outputs, self.weights)
        model = helper.make_model(
            graph, producer_name="placard", opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8
        )
        helper.set_model_props(model, metadata)
        onnx.checker.check_model(model, full_check=True)
        return model.SerializeToString()


    def block(self, name, values, layer):
        """A `Convolution` of crnn.py with its normalization folded in."""
        sums = layer.convolution
        weight, bias = (tensor.numpy() for tensor in layer.fused())
        added = self.convolution(name, values, weight, bias, sums.stride, sums.padding)
        if layer.adds:
            added = self.add("Add", [added, values], f"{name}.sum")
        return self.add("Relu", [added], f"{name}.relu")


def crnn_graph(network, channels, height, half=False):
    """The network of crnn.py, each convolution with its normalization folded in; lines x steps x classes of logits."""
    graph = Graph(half)
    maps = "line"
    for place, layer in enumerate(network.columns):
        maps = graph.block(f"columns.{place}", maps, layer)
    axis = graph.weight("rows", np.array([2], np.int64))
    graph.add("Squeeze", [maps, axis], "columns")
    graph.add("Transpose", ["columns"], "steps", perm=[2, 0, 1])
    steps = graph.lstm("recurrence", "steps", network.recurrence)
    if not isinstance(network.narrowed, nn.Identity):
        weight = graph.weight("narrowed.weight", network.narrowed.weight.detach().numpy().T)
        steps = graph.add("MatMul", [steps, weight], "narrowed")
    weight = graph.weight("symbols.weight", network.symbols.weight.detach().numpy().T)
    graph.add("MatMul", [steps, weight], "symbols")
    graph.add("Add", ["symbols", graph.weight("symbols.bias", network.symbols.bias.detach().numpy())], "logits")
    classes = network.symbols.out_features
    return graph.model(
        "crnn", ("line", ["lines", channels, height, "columns"]), ("logits", ["lines", "steps", classes]), {}
    )


def craft_lite_graph(network, half=False):
    """The network of craft_lite.py; pictures x 2 x half the height x half the width."""
    graph = Graph(half)
    values, scales = graph.block("stem", "picture", network.stem), []
    for number, stage in enumerate(network.stages):
        for place, layer in enumerate(stage):
            values = graph.block(f"stages.{number}.{place}", values, layer)
        scales.append(values)
    sizes = graph.weight("twice", np.array([1, 1, 2, 2], np.float32))
    laterals = [graph.block(f"laterals.{i}", maps, layer) for i, (maps, layer) in enumerate(zip(scales, network.laterals))]
    values = laterals[-1]
    for place in reversed(range(len(scales) - 1)):
        # Every pixel four times: then all of the ways in which one could round a pixel's place are the same.
        name = f"wider.{place}"
        graph.add("Resize", [values, "", sizes], name, mode="nearest", coordinate_transformation_mode="asymmetric", nearest_mode="floor")
        values = graph.block(f"mixed.{place}", graph.add("Add", [name, laterals[place]], f"{name}.sum"), network.mixed[place])
    values = graph.block("head", values, network.head)
    weight, bias = (tensor.detach().numpy() for tensor in (network.maps.weight, network.maps.bias))
    values = graph.convolution("parts", values, weight, bias, (1, 1), (0, 0))
    graph.add("DepthToSpace", [values], "maps", blocksize=2, mode="CRD")
    return graph.model(
        "craft-lite", ("picture", ["pictures", 3, "height", "width"]), ("maps", ["pictures", 2, "rows", "columns"]), {}
    )
