import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { PlacardError } from '../errors.ts';

export const shardIndexName = 'index.json';

/** What the samples of a folder of shards are. */
export const shardKinds = ['lines', 'scenes', 'pseudo-label'] as const;
export type ShardKind = (typeof shardKinds)[number];

const shardSchema = z.object({
  /** A name in the index's folder, never a path. */
  file: z.string().regex(/^[\w-]+\.tar\.gz$/),
  /** Place of the first sample among all, and how many there are. */
  first: z.number().int().nonnegative(),
  samples: z.number().int().positive(),
  bytes: z.number().int().positive(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

const indexSchema = z.object({
  format: z.literal(1),
  kind: z.enum(shardKinds),
  /** What the samples were made with, to be read by people. */
  options: z.record(z.string(), z.unknown()),
  /** Stands for everything that decides the samples' bytes. */
  digest: z.string(),
  /** Samples of the whole run, those not written yet among them. */
  count: z.number().int().positive(),
  samplesPerShard: z.number().int().positive(),
  shards: z.array(shardSchema),
});

/** A WebDataset shard: a gzipped tar archive. */
export type Shard = z.infer<typeof shardSchema>;

/** `index.json` of a folder of shards. Only shards that it names are whole. */
export type ShardIndex = z.infer<typeof indexSchema>;

/** The index of a folder; undefined where there is none. SHARD_INVALID where it is broken. */
export async function readShardIndex(folder: string): Promise<ShardIndex | undefined> {
  const file = path.join(folder, shardIndexName);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new PlacardError('FILE_UNREADABLE', `${file} cannot be read.`, { cause });
  }
  try {
    return indexSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new PlacardError('SHARD_INVALID', `${file} is not an index of shards.`, { cause });
  }
}

/** What is wrong with a shard's file; undefined where it is what its index says. */
export async function shardDefect(folder: string, shard: Shard): Promise<string | undefined> {
  const file = path.join(folder, shard.file);
  try {
    const { size } = await stat(file);
    if (size !== shard.bytes) return `${file} has ${size} bytes and not ${shard.bytes}.`;
    const hash = createHash('sha256');
    await pipeline(createReadStream(file), hash);
    if (hash.digest('hex') !== shard.sha256) return `${file} is not what was written: its SHA-256 differs.`;
    return undefined;
  } catch {
    return `${file} is missing or cannot be read.`;
  }
}
