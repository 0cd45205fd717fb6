import { createHash } from 'node:crypto';
import path from 'node:path';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';
import { PlacardError } from '../errors.ts';
import { makeFolder, replaceFile } from './replace-file.ts';
import {
  readShardIndex,
  type Shard,
  type ShardIndex,
  type ShardKind,
  shardDefect,
  shardIndexName,
} from './shard-index.ts';

/** One sample: its files by their endings, such as `jpg`, `json` and `region.png`. */
export type SampleFiles = Readonly<Record<string, Uint8Array>>;

/** What decides a folder of shards. */
export interface ShardRun {
  kind: ShardKind;
  /** For people who read the index. */
  options: Record<string, unknown>;
  /** Of everything that decides the samples' bytes: a run goes on only where it is the same. */
  digest: string;
  count: number;
  samplesPerShard: number;
}

/** Makes samples by their places, and gives them in the order asked for. */
export type SampleSource = (places: readonly number[]) => AsyncIterable<SampleFiles>;

export interface ShardProgress {
  /** Samples that lie in whole shards, or wait for the rest of theirs. */
  done: number;
  count: number;
}

/** Compresses headers and labels; pictures are compressed as they come. */
const gzipLevel = 6;

/**
 * Writes a run's shards into a folder. Where a run of the same digest was stopped before, only what is missing or damaged is
 * made, and the shards are the same bytes in the end.
 * @throws RUN_MISMATCH where the folder holds another run's shards; OUTPUT_FAILED; `signal`'s reason
 */
export async function writeShards(
  folder: string,
  run: ShardRun,
  source: SampleSource,
  { signal, onProgress }: { signal?: AbortSignal; onProgress?: (progress: ShardProgress) => void } = {},
): Promise<ShardIndex> {
  await makeFolder(folder);
  const index: ShardIndex = { format: 1, ...run, shards: await wholeShards(folder, run) };
  await writeIndex(folder, index);
  const known = new Set(index.shards.map(({ first }) => first));
  const firsts = placesOf(Math.ceil(run.count / run.samplesPerShard), (i) => i * run.samplesPerShard);
  const missing = firsts.filter((first) => !known.has(first));
  const samplesFrom = (first: number) => Math.min(run.samplesPerShard, run.count - first);
  let done = index.shards.reduce((sum, { samples }) => sum + samples, 0);
  onProgress?.({ done, count: run.count });
  const places = missing.flatMap((first) => placesOf(samplesFrom(first), (i) => first + i));
  const samples = source(places)[Symbol.asyncIterator]();
  try {
    for (const first of missing) {
      const next = async () => {
        signal?.throwIfAborted();
        const { value, done: isOver } = await samples.next();
        if (isOver) throw new PlacardError('INTERNAL', 'Fewer samples came than were asked for.');
        done += 1;
        onProgress?.({ done, count: run.count });
        return value;
      };
      index.shards.push(await writeShard(folder, run.kind, first, samplesFrom(first), run.samplesPerShard, next));
      index.shards.sort((a, b) => a.first - b.first);
      await writeIndex(folder, index);
    }
    return index;
  } finally {
    await samples.return?.();
  }
}

async function wholeShards(folder: string, run: ShardRun): Promise<Shard[]> {
  const index = await readShardIndex(folder);
  // A run that came to no shard leaves nothing to lose.
  if (!index || index.shards.length === 0) return [];
  const isSame =
    index.digest === run.digest &&
    index.kind === run.kind &&
    index.count === run.count &&
    index.samplesPerShard === run.samplesPerShard;
  if (!isSame) {
    const message = `${folder} holds the shards of another run: other options, another version or other materials. Choose another folder, or delete it.`;
    throw new PlacardError('RUN_MISMATCH', message);
  }
  const defects = await Promise.all(index.shards.map((shard) => shardDefect(folder, shard)));
  return index.shards.filter((_, i) => defects[i] === undefined);
}

async function writeShard(
  folder: string,
  kind: ShardKind,
  first: number,
  samples: number,
  samplesPerShard: number,
  next: () => Promise<SampleFiles>,
): Promise<Shard> {
  const name = `${kind}-${String(first / samplesPerShard).padStart(6, '0')}.tar.gz`;
  const hash = createHash('sha256');
  let bytes = 0;
  await replaceFile(path.join(folder, name), async (file) => {
    const archive = pack();
    const packed = archive.pipe(createGzip({ level: gzipLevel }));
    // What ends it early is told by `packed`.
    archive.on('error', () => {});
    const filling = fill(archive, first, samples, next).catch((error: Error) => packed.destroy(error));
    try {
      for await (const chunk of packed) {
        hash.update(chunk);
        bytes += chunk.length;
        await file.writeFile(chunk);
      }
      await filling;
    } finally {
      archive.destroy();
    }
  });
  return { file: name, first, samples, bytes, sha256: hash.digest('hex') };
}

async function fill(
  archive: ReturnType<typeof pack>,
  first: number,
  samples: number,
  next: () => Promise<SampleFiles>,
): Promise<void> {
  for (let i = 0; i < samples; i++) {
    const key = String(first + i).padStart(9, '0');
    for (const [ending, bytes] of Object.entries(await next())) {
      // One time for all: the same samples make the same archive on any day.
      const header = { name: `${key}.${ending}`, size: bytes.length, mtime: new Date(0) };
      await new Promise<void>((resolve, reject) => {
        archive.entry(header, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), (error) =>
          error ? reject(error) : resolve(),
        );
      });
    }
  }
  archive.finalize();
}

function writeIndex(folder: string, index: ShardIndex): Promise<void> {
  return replaceFile(path.join(folder, shardIndexName), `${JSON.stringify(index, null, 1)}\n`);
}

function placesOf(count: number, place: (i: number) => number): number[] {
  return Array.from({ length: count }, (_, i) => place(i));
}
