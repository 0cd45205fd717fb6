import { createReadStream } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { PlacardError } from '../errors.ts';
import { readShardIndex, type Shard, type ShardIndex, shardDefect, shardIndexName } from './shard-index.ts';

/** One sample of a shard. */
export interface ShardSample {
  /** What the names of its files start with, such as "000000012". */
  key: string;
  /** Its files by their endings, such as `jpg`, `json` and `region.png`. */
  files: Map<string, Buffer>;
  /** Where it lies, for messages: "set/lines-000000.tar.gz: 000000012". */
  where: string;
}

/** Whether a folder with these files is one of shards. */
export function holdsShards(files: readonly string[]): boolean {
  return files.includes(shardIndexName) && files.some((file) => file.endsWith('.tar.gz'));
}

/** The index of a folder of shards. SHARD_INVALID where there is none or where the run that wrote it was not finished. */
export async function openShards(folder: string): Promise<ShardIndex> {
  const index = await readShardIndex(folder);
  if (!index) throw new PlacardError('SHARD_INVALID', `${folder} holds no ${shardIndexName}.`);
  const samples = index.shards.reduce((sum, shard) => sum + shard.samples, 0);
  if (samples === index.count) return index;
  const message = `${folder} has ${samples} of ${index.count} samples: run the command that made them again, it goes on where it was.`;
  throw new PlacardError('SHARD_INVALID', message);
}

/**
 * The samples of all shards, in order. A shard is compared with its digest before its first sample is given. SHARD_INVALID names
 * the shard that is missing, damaged or not what its index says.
 */
export async function* readShards(folder: string, index: ShardIndex): AsyncGenerator<ShardSample> {
  for (const shard of index.shards) {
    const defect = await shardDefect(folder, shard);
    if (defect !== undefined) throw new PlacardError('SHARD_INVALID', defect);
    yield* readShard(path.join(folder, shard.file), shard);
  }
}

async function* readShard(file: string, shard: Shard): AsyncGenerator<ShardSample> {
  let sample: ShardSample | undefined;
  let count = 0;
  try {
    for await (const { key, ending, bytes } of filesOf(file)) {
      if (sample?.key !== key) {
        if (sample) yield sample;
        sample = { key, files: new Map(), where: `${file}: ${key}` };
        count += 1;
      }
      sample.files.set(ending, bytes);
    }
  } catch (cause) {
    throw new PlacardError('SHARD_INVALID', `${file} is no whole archive: ${(cause as Error).message}.`, { cause });
  }
  if (sample) yield sample;
  if (count !== shard.samples) {
    throw new PlacardError('SHARD_INVALID', `${file} has ${count} samples and not ${shard.samples}.`);
  }
}

async function* filesOf(file: string): AsyncGenerator<{ key: string; ending: string; bytes: Buffer }> {
  const archive = extract();
  // What fails is thrown by the loop.
  pipeline(createReadStream(file), createGunzip(), archive, () => {});
  for await (const entry of archive) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    const match = /^(\w+)\.([\w.]+)$/.exec(entry.header.name);
    if (!match) throw new Error(`it holds ${JSON.stringify(entry.header.name)}`);
    yield { key: match[1]!, ending: match[2]!, bytes: Buffer.concat(chunks) };
  }
}
