import type { Ending } from './encoding.ts';

/** A drawn picture with its truth. */
export interface DrawnSample {
  /** Encoded, and the ending that says how. */
  picture: Uint8Array;
  ending: Ending;
  /** A record of labels.jsonl but for `image`. */
  record: Record<string, unknown>;
  /** Encoded maps by the endings of their files. */
  maps: Record<string, Uint8Array>;
}
