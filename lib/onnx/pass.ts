import type { Graph } from './graph.ts';

/** What a caller knows of a network's input beyond what its file says. */
export interface InputFacts {
  batch?: number;
  height?: number;
  width?: number;
}

/** A rewrite that leaves a network's answers as they were, but for rounding. */
export interface Pass {
  name: string;
  /** Raised whenever the pass does something else than before, so that what was prepared is prepared anew. */
  version: number;
  /** What it does and gains, in one sentence. */
  about: string;
  /** Where it gains something with one provider alone, and costs with others. */
  provider?: 'cpu';
  /** Changes the graph; gives how many rewrites it made, or why it declines, and then the graph is as it was. */
  apply(graph: Graph, facts: InputFacts): number | string;
}
