import { type SourceFiles, select, stripText } from './source-files.ts';

/** Rooms of native/ from the lowest layer up. A room may include those of lower layers, never one beside it. */
const layers = [['base'], ['device'], ['kernels', 'shapes', 'sequence', 'runtime'], ['addon']];

/** Headers of others, and the only places where they may be included. */
const guardedHeaders: [header: RegExp, where: RegExp, said: string][] = [
  [/^(napi|node_api|js_native_api|napi-inl)\.h$/, /^native\/addon\//, 'native/addon'],
  [/^onnxruntime_/, /^native\/runtime\//, 'native/runtime'],
  [/^cuda/, /^native\/device\/|\.cu$/, 'native/device and .cu files'],
  [/^hwy\//, /^native\/(base|kernels|sequence|shapes)\//, 'rooms that compute'],
];

export function includeViolations(files: SourceFiles): string[] {
  return select(files, /^native\/.*\.(cc|cu|h)$/).flatMap(([path, text]) => {
    const includes = [...text.matchAll(/^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)/gm)];
    return includes.flatMap(([, quoted, angled]) => [
      ...(quoted ? layerViolation(path, quoted, files) : []),
      ...guardViolation(path, quoted ?? angled!),
    ]);
  });
}

function layerViolation(path: string, included: string, files: SourceFiles): string[] {
  if (!files.has(`native/${included}`)) {
    const isForeign = guardedHeaders.some(([header]) => header.test(included)) || /^gtest\//.test(included);
    return isForeign ? [] : [`${path} includes "${included}", which is not a path below native/`];
  }
  const own = path.split('/')[1]!;
  const other = included.split('/')[0]!;
  if (own === other || layerOf(other) < layerOf(own)) return [];
  return [`${path} includes ${included}: ${own} may not know ${other}`];
}

function layerOf(room: string): number {
  const index = layers.findIndex((rooms) => rooms.includes(room));
  if (index < 0) throw new Error(`native/${room} has no layer: give it one in native-rules.ts`);
  return index;
}

function guardViolation(path: string, included: string): string[] {
  return guardedHeaders
    .filter(([header, where]) => header.test(included) && !where.test(path))
    .map(([, , said]) => `${path} includes ${included}, which only ${said} may`);
}

/** The source list holds each .cc file once: tests are found by CMake, kernels' benchmarks are in bench/. */
export function sourceListViolations(files: SourceFiles): string[] {
  const { core, addon } = readSourceList(files);
  const listed = [...core, ...addon];
  const present = select(files, /^native\/.*\.cc$/)
    .map(([path]) => path)
    .filter((path) => !path.endsWith('_test.cc'));
  return [
    ...present.filter((path) => !listed.includes(path)).map((path) => `${path} is not in native/sources.json`),
    ...listed
      .filter((path) => !present.includes(path))
      .map((path) => `native/sources.json lists ${path}, which is not there`),
    ...listed
      .filter((path, index) => listed.indexOf(path) !== index)
      .map((path) => `native/sources.json lists ${path} twice`),
    ...core.filter((path) => path.startsWith('native/addon/')).map((path) => `${path} is in "core", not in "addon"`),
    ...addon.filter((path) => !path.startsWith('native/addon/')).map((path) => `${path} is in "addon", not in "core"`),
  ];
}

/** The linker's list of wrapped symbols is what native/base/glibc_floor.cc defines: a missing one fails only at load. */
export function wrappedSymbolViolations(files: SourceFiles): string[] {
  const code = files.get('native/base/glibc_floor.cc') ?? '';
  const defined = new Set([
    ...[...code.matchAll(/^PLACARD_WRAP(?:_VERSION)?\([^,]+,\s*(\w+),/gm)].map((match) => match[1]!),
    ...[...code.matchAll(/^[\w ]+?[ *]__wrap_(\w+?)(?: = |\()/gm)].map((match) => match[1]!),
  ]);
  const { wrapped } = readSourceList(files);
  return [
    ...wrapped.filter((name) => !defined.has(name)).map((name) => `${name} is wrapped but glibc_floor.cc lacks it`),
    ...[...defined].filter((name) => !wrapped.includes(name)).map((name) => `${name} is defined but not in "wrapped"`),
  ];
}

/** A library inside another's process writes nothing to its terminal. */
export function nativeOutputViolations(files: SourceFiles): string[] {
  return select(files, /^native\/.*\.(cc|cu|h)$/)
    .filter(([path]) => !path.endsWith('_test.cc'))
    .filter(([, text]) =>
      /\b(printf|fprintf|puts|putchar|fputs|perror)\s*\(|\bstd::(cout|cerr|clog)\b/.test(stripText(text)),
    )
    .map(([path]) => `${path} writes to the terminal`);
}

/** Status codes of native/base: the enumeration, their names and the table of lib/errors.ts agree. */
export function statusCodeViolations(files: SourceFiles, errorNames: readonly string[]): string[] {
  const header = files.get('native/base/status.h') ?? '';
  const body = /enum class Code \{([^}]*)\}/.exec(header)?.[1] ?? '';
  const codes = [...body.matchAll(/\bk(\w+)/g)].map((match) => match[1]!).filter((code) => code !== 'Ok');
  const named = new Map(
    [...(files.get('native/base/status.cc') ?? '').matchAll(/case Code::k(\w+): return "(\w+)"/g)].map((m) => [
      m[1]!,
      m[2]!,
    ]),
  );
  if (codes.length === 0) return ['native/base/status.h has no codes'];
  return codes.flatMap((code) => {
    const expectedName = code.replace(/(?<=[a-z])[A-Z]/g, '_$&').toUpperCase();
    if (named.get(code) !== expectedName) return [`Code::k${code} is named ${named.get(code)}, not ${expectedName}`];
    return errorNames.includes(expectedName) ? [] : [`Code::k${code} is not in lib/errors.ts`];
  });
}

function readSourceList(files: SourceFiles): { core: string[]; addon: string[]; wrapped: string[] } {
  return JSON.parse(files.get('native/sources.json')!);
}
