/** A drawn picture with its truth. */
export interface DrawnSample {
  /** JPEG. */
  picture: Uint8Array;
  /** A record of labels.jsonl but for `image`. */
  record: Record<string, unknown>;
  /** Encoded maps by the endings of their files. */
  maps: Record<string, Uint8Array>;
}
