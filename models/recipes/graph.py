"""ONNX graphs written node by node: each layer the operator that runtimes have fused kernels for."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

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


def crnn_graph(network, channels, height, half=False):
    """The network of crnn.py, each convolution with its normalization folded in; lines x steps x classes of logits."""
    graph = Graph(half)
    maps = "line"
    for place, layer in enumerate(network.columns):
        name, sums = f"columns.{place}", layer.convolution
        weight, bias = (tensor.numpy() for tensor in layer.fused())
        added, before = graph.convolution(name, maps, weight, bias, sums.stride, sums.padding), maps
        if layer.adds:
            added = graph.add("Add", [added, before], f"{name}.sum")
        maps = graph.add("Relu", [added], f"{name}.relu")
    axis = graph.weight("rows", np.array([2], np.int64))
    graph.add("Squeeze", [maps, axis], "columns")
    graph.add("Transpose", ["columns"], "steps", perm=[2, 0, 1])
    steps = graph.lstm("recurrence", "steps", network.recurrence)
    weight = graph.weight("symbols.weight", network.symbols.weight.detach().numpy().T)
    graph.add("MatMul", [steps, weight], "symbols")
    graph.add("Add", ["symbols", graph.weight("symbols.bias", network.symbols.bias.detach().numpy())], "logits")
    classes = network.symbols.out_features
    return graph.model(
        "crnn", ("line", ["lines", channels, height, "columns"]), ("logits", ["lines", "steps", classes]), {}
    )
