import { posix } from 'node:path';
import ts from 'typescript';
import { type SourceFiles, select, stripText } from './source-files.ts';

/**
 * Rooms of lib/ (folders, and files of their own) from the lowest layer up. A room may import those of lower layers,
 * never one beside it.
 */
const layers = [
  ['errors.ts', 'reading.ts'],
  ['geometry', 'labels.ts', 'package-files.ts'],
  ['addon.ts'],
  ['native.ts', 'packages', 'onnx', 'checkpoints', 'output', 'metrics', 'datasets'],
  ['nearest.ts'],
  ['models', 'providers', 'scheduling', 'language', 'input.ts'],
  ['options.ts'],
  ['stages'],
  ['readers'],
  ['networks.ts'],
  ['engine.ts', 'kernels.ts'],
  ['index.ts'],
  ['server', 'queue', 'synth'],
  ['cli'],
];

/** Rooms that work on results alone, so that they serve readings of any origin. */
const resultRooms = ['output', 'metrics', 'datasets'];
const resultImports = ['errors.ts', 'reading.ts', 'labels.ts', 'geometry'];

/** Stages know no other stage: a reader composes them. */
const stages = [
  'decode',
  'detect-db',
  'detect-craft',
  'rectify',
  'orient',
  'recognize-ctc',
  'classify',
  'order',
  'encode',
];

interface Import {
  from: string;
  to: string;
}

export function importViolations(files: SourceFiles): string[] {
  return imports(files).flatMap(({ from, to }) => {
    if (!files.has(to)) return [`${from} imports ${to}, which is not there or lacks its ending`];
    const [own, other] = [roomOf(from), roomOf(to)];
    if (!other) return [`${from} imports ${to} outside lib/`];
    if (own === other) return stageViolation(from, to);
    if (resultRooms.includes(own!) && !resultImports.includes(other)) {
      return [`${from} imports ${to}: ${own} knows only ${resultImports.join(', ')}`];
    }
    return layerOf(other) < layerOf(own!) ? [] : [`${from} imports ${to}: ${own} may not know ${other}`];
  });
}

/** Files that import one another in a ring, each ring once. */
export function importCycles(files: SourceFiles): string[] {
  const targets = new Map<string, string[]>();
  for (const { from, to } of imports(files)) targets.set(from, [...(targets.get(from) ?? []), to]);
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, trail: string[]) => {
    const start = trail.indexOf(path);
    if (start >= 0) cycles.push([...trail.slice(start), path].join(' → '));
    if (start >= 0 || done.has(path)) return;
    for (const target of targets.get(path) ?? []) visit(target, [...trail, path]);
    done.add(path);
  };
  for (const path of targets.keys()) visit(path, []);
  return cycles;
}

/** Only the command line speaks to the terminal. */
export function libraryOutputViolations(files: SourceFiles): string[] {
  return select(files, /^lib\/(?!cli\/).*\.ts$/)
    .filter(([, text]) => /\bconsole\s*\.|\bprocess\s*\.\s*(stdout|stderr)\b/.test(stripText(text)))
    .map(([path]) => `${path} writes to the terminal`);
}

function stageViolation(from: string, to: string): string[] {
  const nameOf = (path: string) => /^lib\/stages\/([\w-]+)\.ts$/.exec(path)?.[1] ?? '';
  return stages.includes(nameOf(from)) && stages.includes(nameOf(to))
    ? [`${from} imports ${to}: a stage knows no other`]
    : [];
}

function layerOf(room: string): number {
  const index = layers.findIndex((rooms) => rooms.includes(room));
  if (index < 0) throw new Error(`lib/${room} has no layer: give it one in library-rules.ts`);
  return index;
}

/** "stages" for lib/stages/order.ts, "engine.ts" for lib/engine.ts, undefined outside lib/. */
function roomOf(path: string): string | undefined {
  const [top, room] = path.split('/');
  return top === 'lib' ? room : undefined;
}

function imports(files: SourceFiles): Import[] {
  return select(files, /^lib\/.*\.ts$/).flatMap(([from, text]) =>
    ts
      .preProcessFile(text, true, true)
      .importedFiles.filter(({ fileName }) => fileName.startsWith('.') && !fileName.endsWith('.json'))
      .map(({ fileName }) => ({ from, to: posix.join(posix.dirname(from), fileName) })),
  );
}
