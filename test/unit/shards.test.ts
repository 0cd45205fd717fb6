import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readShardIndex } from '../../lib/datasets/shard-index.ts';
import { type SampleSource, type ShardRun, writeShards } from '../../lib/datasets/shard-writer.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'placard-shards-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const run: ShardRun = { kind: 'lines', options: { seed: 'a' }, digest: 'd', count: 25, samplesPerShard: 10 };

/** Samples that say their place; `made` lists the places that were asked for. */
function counting(made: number[] = []): SampleSource {
  return async function* (places) {
    for (const place of places) {
      made.push(place);
      yield { txt: Buffer.from(`sample ${place}`), 'region.webp': Buffer.alloc(600, place) };
    }
  };
}

const bytesIn = (where: string) =>
  new Map(readdirSync(where).map((name) => [name, readFileSync(join(where, name)).toString('hex')]));

/** Names and contents of the files in a tar archive, read by the format's description (POSIX.1-1988). */
function entriesOf(file: string): Map<string, Buffer> {
  const archive = gunzipSync(readFileSync(join(folder, file)));
  const entries = new Map<string, Buffer>();
  for (let at = 0; archive[at] !== 0; ) {
    const size = Number.parseInt(archive.toString('latin1', at + 124, at + 135), 8);
    const name = archive.toString('utf8', at, archive.indexOf(0, at));
    entries.set(name, archive.subarray(at + 512, at + 512 + size));
    at += 512 + 512 * Math.ceil(size / 512);
  }
  return entries;
}

describe('writeShards', () => {
  test('lays all samples out over archives in their order', async () => {
    const index = await writeShards(folder, run, counting());
    expect(index.shards.map(({ first, samples }) => [first, samples])).toEqual([
      [0, 10],
      [10, 10],
      [20, 5],
    ]);
    const names = index.shards.flatMap(({ file }) => [...entriesOf(file).keys()]);
    expect(names).toEqual(
      Array.from({ length: 25 }, (_, i) => String(i).padStart(9, '0')).flatMap((key) => [
        `${key}.txt`,
        `${key}.region.webp`,
      ]),
    );
    expect(entriesOf(index.shards[2]!.file).get('000000024.txt')!.toString()).toBe('sample 24');
    expect(await readShardIndex(folder)).toEqual(index);
    expect(readdirSync(folder).sort()).toEqual(['index.json', ...index.shards.map(({ file }) => file)]);
  });

  test('goes on where it was stopped, and comes to the same bytes', async () => {
    await writeShards(folder, run, counting());
    const whole = bytesIn(folder);
    rmSync(folder, { recursive: true });
    const stop = new AbortController();
    const until = (last: number): SampleSource =>
      async function* (places) {
        for await (const sample of counting()(places)) {
          if (sample.txt!.toString() === `sample ${last}`) stop.abort(new Error('enough'));
          yield sample;
        }
      };
    await expect(writeShards(folder, run, until(13), { signal: stop.signal })).rejects.toThrow('enough');
    expect(readdirSync(folder).sort()).toEqual(['index.json', 'lines-000000.tar.gz']);
    const made: number[] = [];
    await writeShards(folder, run, counting(made));
    expect(made[0]).toBe(10);
    expect(bytesIn(folder)).toEqual(whole);
  });

  test('makes shards anew that are gone, cut short or changed', async () => {
    const { shards } = await writeShards(folder, run, counting());
    const whole = bytesIn(folder);
    rmSync(join(folder, shards[0]!.file));
    truncateSync(join(folder, shards[1]!.file), 100);
    const last = readFileSync(join(folder, shards[2]!.file));
    last[40]! ^= 1;
    writeFileSync(join(folder, shards[2]!.file), last);
    const made: number[] = [];
    await writeShards(folder, run, counting(made));
    expect(made.length).toBe(25);
    expect(bytesIn(folder)).toEqual(whole);
    made.length = 0;
    await writeShards(folder, run, counting(made));
    expect(made).toEqual([]);
  });

  test.each([
    ['another digest', { digest: 'other' }],
    ['another number of samples', { count: 26 }],
    ['shards of another size', { samplesPerShard: 5 }],
  ])('leaves a folder alone that holds %s', async (_, other) => {
    await writeShards(folder, run, counting());
    const whole = bytesIn(folder);
    const attempt = writeShards(folder, { ...run, ...other }, counting());
    await expect(attempt).rejects.toMatchObject({ code: 'ERR_PLACARD_RUN_MISMATCH' });
    expect(bytesIn(folder)).toEqual(whole);
  });

  test('leaves no half shard behind when drawing fails', async () => {
    const failing: SampleSource = async function* (places) {
      yield* counting()(places.slice(0, 12));
      throw new RangeError('no ink');
    };
    await expect(writeShards(folder, run, failing)).rejects.toThrow('no ink');
    expect(readdirSync(folder).sort()).toEqual(['index.json', 'lines-000000.tar.gz']);
  });

  test('takes over a folder in which another run came to no shard', async () => {
    const failing: SampleSource = async function* () {
      yield* [];
      throw new RangeError('no labels');
    };
    await expect(writeShards(folder, { ...run, digest: 'first' }, failing)).rejects.toThrow('no labels');
    expect((await writeShards(folder, run, counting())).shards.length).toBe(3);
  });

  test('says what the system refuses', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const attempt = writeShards(join(file, 'shards'), run, counting());
    await expect(attempt).rejects.toMatchObject({ code: 'ERR_PLACARD_OUTPUT_FAILED' });
  });

  test('refuses an index that is none', async () => {
    writeFileSync(join(folder, 'index.json'), '{"format": 2}');
    const attempt = writeShards(folder, run, counting());
    await expect(attempt).rejects.toMatchObject({ code: 'ERR_PLACARD_SHARD_INVALID' });
    expect(existsSync(join(folder, 'lines-000000.tar.gz'))).toBe(false);
  });

  test('tells how far it is', async () => {
    const seen: number[] = [];
    await writeShards(folder, run, counting(), { onProgress: ({ done }) => seen.push(done) });
    expect(seen).toEqual(Array.from({ length: 26 }, (_, i) => i));
  });
});
