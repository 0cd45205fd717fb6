import { floatOf, type Graph, makeNode, type Node } from '../graph.ts';
import type { Pass } from '../pass.ts';

export const hardSwish: Pass = {
  name: 'hard-swish',
  version: 1,
  about:
    'The spellings of x · clip(x / 6 + ½, 0, 1) become one HardSwish, which runs inside of the convolution before it.',
  apply(graph) {
    const product = graph.nodes.find((node) => node.opType === 'Mul' && swishOf(graph, node));
    if (product && graph.opset < 14) return `HardSwish needs opset 14 but the network has ${graph.opset}`;
    let rewrites = 0;
    for (const node of graph.nodes.filter(({ opType }) => opType === 'Mul')) {
      const found = swishOf(graph, node);
      if (!found) continue;
      graph.replace([found.last], [makeNode('HardSwish', [found.x], [found.last.output[0]!])]);
      rewrites++;
    }
    graph.sweep();
    return rewrites;
  },
};

interface Swish {
  x: string;
  /** The node that makes the result. */
  last: Node;
}

/** A Mul of x and its gate, followed by a factor where the gate alone does not reach from 0 to 1. */
function swishOf(graph: Graph, node: Node): Swish | undefined {
  for (const [x, other] of [node.input, [...node.input].reverse()] as [string, string][]) {
    const factored = factorOf(graph, x);
    for (const base of factored ? [{ value: x, factor: 1 }, factored] : [{ value: x, factor: 1 }]) {
      const gate = gateOf(graph, other, base.value, 0);
      const height = gate && isHardGate(gate) ? gate.high * base.factor : undefined;
      if (height === undefined) continue;
      if (near(height, 1)) return { x: base.value, last: node };
      const last = graph.soleConsumer(node.output[0]!);
      const after = last && factorOf(graph, last.output[0]!);
      const completes = after !== undefined && after.value === node.output[0] && near(after.factor * height, 1);
      if (last && completes) return { x: base.value, last };
    }
  }
  return undefined;
}

/** clip(slope · x + offset, low, high). */
interface Gate {
  slope: number;
  offset: number;
  low: number;
  high: number;
}

/** A multiple of clip(x / 6 + ½, 0, 1). */
function isHardGate({ slope, offset, low, high }: Gate): boolean {
  return low === 0 && high > 0 && near((slope / high) * 6, 1) && near((offset / high) * 2, 1);
}

const near = (a: number, b: number): boolean => Math.abs(a - b) < 1e-5;

const mostDepth = 4;

function gateOf(graph: Graph, value: string, x: string, depth: number): Gate | undefined {
  const node = graph.producer(value);
  if (!node || depth > mostDepth) return undefined;
  if (node.opType === 'HardSigmoid' && node.input[0] === x) {
    return { slope: floatOf(node, 'alpha', 0.2), offset: floatOf(node, 'beta', 0.5), low: 0, high: 1 };
  }
  if (node.opType === 'Clip') {
    const line = lineOf(graph, node.input[0]!, x, 0);
    const [low, high] = [graph.scalar(node.input[1]), graph.scalar(node.input[2])];
    return line && low !== undefined && high !== undefined ? { ...line, low, high } : undefined;
  }
  const factored = factorOf(graph, value);
  const inner = factored && gateOf(graph, factored.value, x, depth + 1);
  if (!inner) return undefined;
  const { factor } = factored;
  return {
    slope: inner.slope * factor,
    offset: inner.offset * factor,
    low: inner.low * factor,
    high: inner.high * factor,
  };
}

/** What a value is of x, where it is slope · x + offset. */
function lineOf(graph: Graph, value: string, x: string, depth: number): { slope: number; offset: number } | undefined {
  if (value === x) return { slope: 1, offset: 0 };
  const node = graph.producer(value);
  if (!node || depth > mostDepth) return undefined;
  const factored = factorOf(graph, value);
  if (factored) {
    const line = lineOf(graph, factored.value, x, depth + 1);
    return line && { slope: line.slope * factored.factor, offset: line.offset * factored.factor };
  }
  if (node.opType !== 'Add') return undefined;
  const [a, b] = node.input as [string, string];
  const [left, right] = [graph.scalar(a), graph.scalar(b)];
  const line = lineOf(graph, right === undefined ? b : a, x, depth + 1);
  const shift = right ?? left;
  return line && shift !== undefined ? { slope: line.slope, offset: line.offset + shift } : undefined;
}

/** The value and the constant that a node multiplies. */
function factorOf(graph: Graph, value: string): { value: string; factor: number } | undefined {
  const node = graph.producer(value);
  if (node?.opType !== 'Mul' && node?.opType !== 'Div') return undefined;
  const [a, b] = node.input as [string, string];
  const right = graph.scalar(b);
  if (right !== undefined) return { value: a, factor: node.opType === 'Div' ? 1 / right : right };
  const left = node.opType === 'Mul' ? graph.scalar(a) : undefined;
  return left === undefined ? undefined : { value: b, factor: left };
}
