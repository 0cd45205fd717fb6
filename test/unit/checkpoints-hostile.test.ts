import fc from 'fast-check';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { readCheckpoint } from '../../lib/checkpoints/checkpoint.ts';
import { floatsOf } from '../../lib/checkpoints/tensor.ts';
import {
  bytesOf,
  call,
  encoded,
  global,
  legacyFile,
  list,
  opcodes,
  ordered,
  persistent,
  pickle,
  type TensorText,
  tensor,
  type Value,
  zipFile,
} from './torch-file.ts';

const numbers = bytesOf(Float32Array.from({ length: 6 }, (_, i) => i));
const storages = { 0: numbers };
const sound = ordered([['weight', tensor({ shape: [2, 3] })]]);

/** In both formats. */
const files = (value: Value): Uint8Array[] => [
  zipFile(value, storages),
  legacyFile(value, { 0: { count: 6, bytes: numbers } }),
];

function refusal(bytes: Uint8Array): { code: string; message: string } {
  try {
    readCheckpoint(bytes, 'x.pth');
  } catch (error) {
    return error as { code: string; message: string };
  }
  throw new Error('It was taken.');
}

function expectRefused(value: Value, code: 'INVALID' | 'UNSAFE', message: RegExp): void {
  for (const bytes of files(value)) {
    expect(refusal(bytes)).toMatchObject({
      name: 'PlacardError',
      code: `ERR_PLACARD_CHECKPOINT_${code}`,
      message: expect.stringMatching(message),
    });
  }
}

const shell = ['touch /tmp/owned'];

describe('a hostile pickle', () => {
  it.each<[string, Value, RegExp]>([
    ['os.system', call(global('os', 'system'), ...shell), /asks for the global os\.system, and code/],
    ['posix.system', call(global('posix', 'system'), ...shell), /posix\.system/],
    ['builtins.eval', call(global('builtins', 'eval'), '1'), /builtins\.eval/],
    ['__builtin__.getattr', call(global('__builtin__', 'getattr'), sound, 'pop'), /__builtin__\.getattr/],
    ['subprocess.Popen', call(global('subprocess', 'Popen'), ...shell), /subprocess\.Popen/],
    ['torch.hub.load', global('torch.hub', 'load'), /torch\.hub\.load/],
    ['torch.storage._load_from_bytes', global('torch.storage', '_load_from_bytes'), /torch\.storage\._load_from_bytes/],
    ['numpy’s arrays', global('numpy.core.multiarray', '_reconstruct'), /numpy\.core\.multiarray\._reconstruct/],
    ['a global by texts', opcodes('\x93', 'os', 'system'), /the global os\.system/],
    ['what every object of JavaScript has', global('constructor', 'constructor'), /constructor\.constructor/],
  ])('that names %s is refused by that name, however deep it stands', (_, value, message) => {
    expectRefused(value, 'UNSAFE', message);
    expectRefused(ordered([['weight', list(new Map([['deep', [value]]]))]]), 'UNSAFE', message);
    expectRefused(
      new Map<string, Value>([
        ['state_dict', sound],
        ['other', value],
      ]),
      'UNSAFE',
      message,
    );
  });

  it.each<[string, string]>([
    ['NEWOBJ (0x81)', '\x81'],
    ['NEWOBJ_EX (0x92)', '\x92'],
    ['OBJ (0x6f)', 'o'],
    ['INST (0x69)', 'ios\nsystem\n'],
    ['EXT1 (0x82)', '\x82\x01'],
    ['EXT2 (0x83)', '\x83\x01\x00'],
    ['EXT4 (0x84)', '\x84\x01\x00\x00\x00'],
    ['PERSID (0x50)', 'P0\n'],
    ['INT (0x49)', 'I1\n'],
    ['LONG (0x4c)', 'L1L\n'],
    ['LONG4 (0x8b)', '\x8b\x01\x00\x00\x00\x01'],
    ['FLOAT (0x46)', 'F1\n'],
    ['STRING (0x53)', "S'a'\n"],
    ['UNICODE (0x56)', 'Va\n'],
    ['BINBYTES (0x42)', 'B\x01\x00\x00\x00a'],
    ['SHORT_BINBYTES (0x43)', 'C\x01a'],
    ['BINBYTES8 (0x8e)', '\x8e\x01\x00\x00\x00\x00\x00\x00\x00a'],
    ['BYTEARRAY8 (0x96)', '\x96\x01\x00\x00\x00\x00\x00\x00\x00a'],
    ['NEXT_BUFFER (0x97)', '\x97'],
    ['READONLY_BUFFER (0x98)', '\x98'],
    ['LIST (0x6c)', '(l'],
    ['DICT (0x64)', '(d'],
    ['DUP (0x32)', 'N2'],
    ['EMPTY_SET (0x8f)', '\x8f'],
    ['ADDITEMS (0x90)', '\x90'],
    ['FROZENSET (0x91)', '\x91'],
    ['GET (0x67)', 'g0\n'],
    ['PUT (0x70)', 'Np0\n'],
  ])('with the opcode %s is refused by its name', (name, code) => {
    expectRefused(opcodes(code), 'UNSAFE', new RegExp(`asks for the opcode ${name.replace(/[()]/g, '\\$&')}`));
  });

  it.each<[string, Value, RegExp]>([
    ['calls a class', call(global('torch', 'FloatStorage'), 6), /a call of torch\.FloatStorage/],
    ['calls a dictionary', opcodes('R', new Map(), []), /a call of what is no function/],
    [
      'calls with a list',
      Buffer.concat([global('collections', 'OrderedDict'), list(), Buffer.from('R')]),
      /no function/,
    ],
    [
      'sets a tensor’s state',
      opcodes('b', tensor({ shape: [6] }), new Map()),
      /the opcode BUILD on what is no dictionary/,
    ],
    ['names a module', persistent(['module', global('torch', 'FloatStorage'), 'a.py', 'import os']), /a whole module/],
  ])('that %s is refused', (_, value, message) => expectRefused(value, 'UNSAFE', message));
});

const storage = (...changes: Value[]): Value =>
  persistent(
    ['storage', global('torch', 'FloatStorage'), '0', 'cpu', 6].map((usual, i) => changes[i] ?? usual) as Value,
  );
const rebuilt = (...args: Value[]): Value => call(global('torch._utils', '_rebuild_tensor_v2'), ...args);
const view = (text: TensorText): Value => ordered([['weight', tensor({ count: 6, ...text })]]);

describe('a broken checkpoint', () => {
  it.each<[string, Value, RegExp]>([
    [
      'reaches beyond its storage',
      view({ shape: [7] }),
      /shape \[7\], strides \[1\] and offset 0 in a storage of 6 numbers/,
    ],
    ['begins beyond it', view({ shape: [1], offset: 6 }), /offset 6/],
    ['strides beyond it', view({ shape: [2, 3], strides: [4, 1] }), /strides \[4,1\]/],
    ['repeats it to terabytes', view({ shape: [2 ** 20, 2 ** 20], strides: [0, 0] }), /shape \[1048576,1048576\]/],
    ['overflows', view({ shape: [2 ** 40, 2 ** 40, 2 ** 40], strides: [2 ** 40, 1, 1] }), /in a storage of 6/],
    ['goes backward', view({ shape: [2], strides: [-1], offset: 1 }), /strides \[-1\]/],
    ['has a negative side', view({ shape: [-1], strides: [1] }), /shape \[-1\]/],
    ['has a negative offset', view({ shape: [1], offset: -1 }), /offset -1/],
    ['has half a side', view({ shape: [1.5] }), /shape \[1\.5\]/],
    ['has fewer strides', view({ shape: [2, 3], strides: [1] }), /strides \[1\]/],
    ['has forty dimensions', view({ shape: new Array(40).fill(1) }), /at most eight numbers/],
    ['has texts as shape', rebuilt(storage(), 0, ['a'], [1]), /something else than a storage/],
    ['has a list as shape', rebuilt(storage(), 0, list(6), list(1)), /something else than a storage/],
    ['has no storage', rebuilt('storage', 0, [6], [1]), /something else than a storage/],
    ['lacks arguments', rebuilt(), /something else than a storage/],
  ])('whose tensor %s is refused', (_, value, message) => expectRefused(value, 'INVALID', message));

  it.each<[string, Value, RegExp]>([
    [
      'an unknown type',
      storage(undefined as never, global('collections', 'OrderedDict')),
      /something else than a storage/,
    ],
    ['a number as key', storage(null as never, null as never, 7), /something else than a storage/],
    ['a negative count', storage(null as never, null as never, null as never, null as never, -6), /something else/],
    [
      'two counts',
      [storage(), storage(null as never, null as never, null as never, null as never, 5)],
      /as 6 f32 and as 5 f32/,
    ],
    ['two types', [storage(), storage(null as never, global('torch', 'IntStorage'))], /as 6 f32 and as 6 i32/],
    ['a text', persistent('0'), /something else than a storage/],
  ])('whose storage has %s is refused', (_, value, message) => {
    expectRefused(
      ordered([
        ['weight', tensor({ shape: [6] })],
        ['other', value],
      ]),
      'INVALID',
      message,
    );
  });

  it.each<[string, Value, RegExp]>([
    ['takes more than there is', opcodes('0'), /takes more than it made/],
    ['takes what stands before a mark', Buffer.concat([encoded(1), Buffer.from('(0')]), /takes more than it made/],
    ['goes back to no mark', opcodes('t'), /a mark that it did not set/],
    ['appends to a tuple', opcodes('a', [], 1), /appends to what is no list/],
    ['sets items of a list', opcodes('s', list(), 'a', 1), /sets items of what is no dictionary/],
    ['sets half an item', Buffer.concat([Buffer.from('}('), encoded('a'), Buffer.from('u')]), /no dictionary/],
    ['has a dictionary as key', opcodes('s', new Map(), new Map(), 1), /a key that is neither/],
    ['recalls nothing', opcodes('h\x09'), /recalls value 9/],
    ['has an unknown opcode', opcodes('\xff'), /0xff is no opcode/],
    ['is of a future protocol', opcodes('\x80\x09'), /protocol 9/],
    ['names a global by numbers', opcodes('\x93', 1, 2), /a global has no name/],
    ['makes a dictionary of a number', call(global('collections', 'OrderedDict'), 1), /something else than pairs/],
    ['makes a dictionary of triples', call(global('collections', 'OrderedDict'), list([1, 2, 3])), /no pair/],
    ['makes a parameter of a number', call(global('torch._utils', '_rebuild_parameter'), 1, true, null), /no tensor/],
  ])('whose pickle %s is refused', (_, value, message) => expectRefused(value, 'INVALID', message));

  it('without the numbers of a storage, or with too few or many, is refused', () => {
    expect(refusal(zipFile(sound, {})).message).toMatch(/has no bytes for the storage 0 of 6 f32/);
    for (const length of [0, 23, 25]) {
      expect(refusal(zipFile(sound, { 0: new Uint8Array(length) })).message).toMatch(
        /bytes for the storage 0 of 6 f32/,
      );
    }
    expect(refusal(legacyFile(sound, {})).message).toMatch(/has no bytes for the storage 0/);
    expect(refusal(legacyFile(sound, { 1: { count: 6, bytes: numbers } })).message).toMatch(/no tensor needs/);
    expect(refusal(legacyFile(sound, { 0: { count: 5, bytes: numbers } })).message).toMatch(/has 5 numbers for/);
    expect(refusal(zipFile(sound, storages, { order: 'middle' })).message).toMatch(/unknown byte order "middle"/);
  });

  it('is cut anywhere and never taken', () => {
    for (const bytes of files(sound)) {
      for (let length = 0; length < bytes.length; length++) {
        expect(refusal(bytes.subarray(0, length)).code).toMatch(/^ERR_PLACARD_CHECKPOINT_(INVALID|UNSAFE)$/);
      }
    }
  });

  it('is changed anywhere, and refused by code or read within its bounds', () => {
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.constantFrom(...files(sound)), changes, (bytes, places) => {
        const changed = Uint8Array.from(bytes);
        for (const [place, byte] of places) changed[place % changed.length] = byte;
        expectTakenOrRefused(changed);
      }),
      { numRuns: 3000 },
    );
  });

  it('is any pickle of any opcodes, and refused by code', () => {
    const start = legacyFile(null, {}).indexOf('N.') + 0;
    const head = legacyFile(null, {}).subarray(0, start);
    const codes = fc.constantFrom(...'(0N]})atesubqrhjJKMGXUTRQc.\x80\x85\x86\x87\x88\x89\x8a\x8c\x8d\x93\x94\x95');
    const byte = fc.oneof({ weight: 4, arbitrary: codes.map((code) => code.charCodeAt(0)) }, fc.nat(255));
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 60 }), (bytes) => {
        expectTakenOrRefused(Buffer.concat([head, Buffer.from(bytes)]));
      }),
      { numRuns: 3000 },
    );
  });
});

function expectTakenOrRefused(bytes: Uint8Array): void {
  try {
    for (const stored of readCheckpoint(bytes, 'x.pth').values()) {
      expect(floatsOf(stored)?.length ?? 0).toBeLessThanOrEqual(bytes.length);
    }
  } catch (error) {
    expect((error as { code?: string }).code).toMatch(/^ERR_PLACARD_CHECKPOINT_(INVALID|UNSAFE)$/);
  }
}

describe('a bomb', () => {
  const bounded = (run: () => void) => {
    const began = performance.now();
    run();
    expect(performance.now() - began).toBeLessThan(5000);
  };

  it('of zeros is refused before it is unpacked', () => {
    const entry = new Uint8Array(2 ** 26);
    const bytes = zipSync({ 'a/data.pkl': pickle(sound), 'a/data/0': entry }, { level: 9 });
    bounded(() => expect(refusal(bytes).message).toMatch(/unpacks to more than 8 times its size/));
  });

  it('of entries that share their bytes is refused', () => {
    const entry = new Uint8Array(2 ** 16);
    const bytes = zipSync(Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`a/data/${i}`, entry])), {
      level: 0,
    });
    const central = Buffer.from(bytes).indexOf('PK\x01\x02', 'latin1');
    // Every entry of the directory leads to the first one's bytes, and the others' are cut out.
    const first = Buffer.from(bytes).indexOf('PK\x03\x04', 4, 'latin1');
    const directory = Buffer.from(bytes.subarray(central));
    for (let at = directory.indexOf('PK\x01\x02'); at >= 0; at = directory.indexOf('PK\x01\x02', at + 4, 'latin1')) {
      directory.writeUInt32LE(0, at + 42);
    }
    directory.writeUInt32LE(first, directory.lastIndexOf('PK\x05\x06', undefined, 'latin1') + 16);
    bounded(() => {
      expect(refusal(Buffer.concat([bytes.subarray(0, first), directory])).message).toMatch(/more than 8 times/);
    });
  });

  it('of entries without number is refused', () => {
    const names = Array.from({ length: 60_000 }, (_, i) => [`a/${i}`, new Uint8Array()]);
    const bytes = Buffer.from(zipSync(Object.fromEntries(names), { level: 0 }));
    expect(refusal(bytes).message).toMatch(/without data\.pkl/);
    // A directory that claims four billion entries, as the larger zip format can.
    const claim = Buffer.alloc(76);
    claim.write('PK\x06\x06', 0, 'latin1');
    claim.writeUInt32LE(0xffffffff, 32);
    claim.write('PK\x06\x07', 56, 'latin1');
    const end = Buffer.from(zipSync({ a: strToU8('a') }).slice(-22));
    const lying = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), claim, end]);
    lying.writeUInt32LE(4, 4 + 56 + 8);
    bounded(() => expect(refusal(lying).message).toMatch(/more than 100000 entries/));
  });

  it.each<[string, string]>([
    ['dictionaries', '}'],
    ['lists in lists', ']'],
    ['marks', '('],
    ['tuples of tuples', ')\x85'],
  ])('of %s ends at a million steps', (_, code) => {
    const many = Buffer.alloc(8_000_000, Buffer.from(code, 'latin1'));
    bounded(() => expect(refusal(files(many)[1]!).message).toMatch(/more than 1000000 steps/));
  });

  it('of calls that recall one long list ends as soon', () => {
    const kept = (value: Value, place: number) =>
      Buffer.concat([encoded(value), Buffer.from(`q${String.fromCharCode(place)}0`)]);
    const pairs = Buffer.concat([Buffer.from(']('), Buffer.alloc(2 * 300_000, 'h\x00'), Buffer.from('e')]);
    const parts = [kept(['a', 1], 0), kept(global('collections', 'OrderedDict'), 1), kept([pairs], 2)];
    const calls = Buffer.alloc(6 * 100_000, 'h\x01h\x02R0');
    bounded(() => {
      const { message } = refusal(zipFile(Buffer.concat([...parts, calls, encoded(1)]), {}));
      expect(message).toMatch(/more than 1000000 steps/);
    });
  });

  it('of nesting is read as anything else', () => {
    const deep = Buffer.concat([Buffer.alloc(200_000, ']'), Buffer.alloc(199_999, 'a')]);
    expect(
      readCheckpoint(
        zipFile(
          new Map<string, Value>([
            ['deep', deep],
            ['state_dict', sound],
          ]),
          storages,
        ),
        'x.pth',
      ).size,
    ).toBe(1);
    expectRefused(opcodes('\x93', deep, 'a'), 'INVALID', /a global has no name/);
  });

  it('of a text is refused', () => {
    const text = 'a'.repeat(2 ** 20 + 1);
    bounded(() => expectRefused(new Map([['a', text]]), 'INVALID', /has a text of 1048577 bytes/));
    const cut = Buffer.from('X\xff\xff\xff\x7f', 'latin1');
    expectRefused(cut, 'INVALID', /a text of 2147483647 bytes/);
  });

  it('for terminals is defused', () => {
    const { message } = refusal(zipFile(global('\x1b[2Jos', 'system'), storages));
    expect(message).toContain('?[2Jos.system');
  });
});
