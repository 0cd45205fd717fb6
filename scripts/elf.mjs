import { readFileSync } from 'node:fs';

const programHeaderDynamic = 2;
const tagNeeded = 1n;
const tagStringTable = 5n;
const tagVersionNeeds = 0x6ffffffen;
const tagVersionNeedCount = 0x6fffffffn;
const programHeaderLoad = 1;

/**
 * What a 64-bit little-endian ELF file asks of the libraries that it is loaded with: `readelf -d` and `readelf -V`
 * without readelf.
 * @param {string} path
 * @returns {{ libraries: string[], versions: { library: string, version: string }[] }}
 */
export function readElfNeeds(path) {
  const bytes = readFileSync(path);
  if (bytes.length < 64 || bytes.readUInt32BE(0) !== 0x7f454c46 || bytes[4] !== 2 || bytes[5] !== 1) {
    throw new Error(`${path} is no 64-bit little-endian ELF file.`);
  }
  const segments = readProgramHeaders(bytes);
  const dynamic = segments.find((segment) => segment.type === programHeaderDynamic);
  if (!dynamic) throw new Error(`${path} has no dynamic section.`);
  const toOffset = (address) => {
    const segment = segments.find(
      (s) => s.type === programHeaderLoad && address >= s.address && address < s.address + s.fileSize,
    );
    if (!segment) throw new Error(`${path}: address ${address} is in no segment.`);
    return Number(address - segment.address + segment.offset);
  };
  const entries = readDynamicEntries(bytes, dynamic);
  const entryOf = (tag) => entries.find((entry) => entry.tag === tag)?.value;
  const strings = toOffset(entryOf(tagStringTable));
  const text = (index) => {
    const start = strings + Number(index);
    return bytes.toString('latin1', start, bytes.indexOf(0, start));
  };
  const needs = entryOf(tagVersionNeeds);
  return {
    libraries: entries.filter((entry) => entry.tag === tagNeeded).map((entry) => text(entry.value)),
    versions: needs ? readVersionNeeds(bytes, toOffset(needs), Number(entryOf(tagVersionNeedCount)), text) : [],
  };
}

/** The newest of the versions that begin with a prefix, as numbers: [2, 29] for GLIBC_; undefined where there are none. */
export function newestVersion(versions, prefix) {
  return versions
    .map(({ version }) => version)
    .filter((version) => version.startsWith(prefix))
    .map((version) => version.slice(prefix.length).split('.').map(Number))
    .sort(compareVersions)
    .at(-1);
}

/** Negative, zero or positive as a is older than, equal to or newer than b. */
export function compareVersions(a, b) {
  for (let i = 0; i < Math.max(a.length, b.length); ++i) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function readProgramHeaders(bytes) {
  const table = Number(bytes.readBigUInt64LE(32));
  const size = bytes.readUInt16LE(54);
  return Array.from({ length: bytes.readUInt16LE(56) }, (_, index) => {
    const at = table + index * size;
    return {
      type: bytes.readUInt32LE(at),
      offset: bytes.readBigUInt64LE(at + 8),
      address: bytes.readBigUInt64LE(at + 16),
      fileSize: bytes.readBigUInt64LE(at + 32),
    };
  });
}

function readDynamicEntries(bytes, { offset, fileSize }) {
  const entries = [];
  for (let at = Number(offset); at < Number(offset + fileSize); at += 16) {
    const tag = bytes.readBigInt64LE(at);
    if (tag === 0n) break;
    entries.push({ tag, value: bytes.readBigUInt64LE(at + 8) });
  }
  return entries;
}

/** Elf64_Verneed: version, count, file, first entry, next; Elf64_Vernaux: hash, flags, other, name, next. */
function readVersionNeeds(bytes, start, count, text) {
  const versions = [];
  for (let i = 0, need = start; i < count; ++i) {
    const library = text(bytes.readUInt32LE(need + 4));
    let entry = need + bytes.readUInt32LE(need + 8);
    for (let j = bytes.readUInt16LE(need + 2); j > 0; --j) {
      versions.push({ library, version: text(bytes.readUInt32LE(entry + 8)) });
      entry += bytes.readUInt32LE(entry + 12);
    }
    need += bytes.readUInt32LE(need + 12);
  }
  return versions;
}
