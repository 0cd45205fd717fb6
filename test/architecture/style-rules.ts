import ts from 'typescript';
import { type SourceFiles, select, stripText } from './source-files.ts';

const mostFileLines = 450;
const mostFunctionLines = 60;

/** Abbreviations that hide what is meant, and names that say nothing. */
const forbiddenWords = ['det', 'rec', 'img', 'proc', 'util', 'utils', 'helper', 'helpers', 'manager'];

/** Names that formats of others fix: an attribute of ALTO, a key of VIA, measures of the scorer that eval agrees with. */
const foreignNames = ['PHYSICAL_IMG_NR', '_via_img_metadata', 'det_p', 'det_r', 'det_h'];

export function fileLengthViolations(files: SourceFiles): string[] {
  return [...files]
    .map(([path, text]) => ({ path, lines: text.split('\n').length - 1 }))
    .filter(({ lines }) => lines > mostFileLines)
    .map(({ path, lines }) => `${path} has ${lines} lines, more than ${mostFileLines}`);
}

export function functionLengthViolations(files: SourceFiles): string[] {
  const found = [
    ...select(files, /\.ts$/).flatMap(scriptFunctions),
    ...select(files, /\.(cc|cu|h)$/).flatMap(nativeFunctions),
  ];
  return found
    .filter(({ path, lines }) => lines > mostFunctionLines && !/^test\/|_test\.cc$/.test(path))
    .map(({ path, line, lines }) => `${path}:${line}: a function of ${lines} lines, more than ${mostFunctionLines}`);
}

export function nameViolations(files: SourceFiles): string[] {
  return [...files].flatMap(([path, text]) => {
    const inPath = forbiddenIn(path.split('/').map((part) => part.replace(/\.\w+$/, '')));
    return [...inPath, ...forbiddenIn(namesIn(path, text))].map((name) => `${path}: the name ${name}`);
  });
}

function namesIn(path: string, text: string): Set<string> {
  if (/\.(cc|cu|h)$/.test(path)) return new Set(stripText(text).match(/[A-Za-z_]\w*/g) ?? []);
  const names = new Set<string>();
  if (!/\.(ts|mts|mjs)$/.test(path)) return names;
  const visit = (node: ts.Node) => {
    if (ts.isIdentifier(node)) names.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.ES2022));
  return names;
}

function forbiddenIn(names: Iterable<string>): string[] {
  return [...names].filter((name) => {
    if (foreignNames.includes(name)) return false;
    const words = name.split(/[^A-Za-z]+|(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/);
    return words.some((word) => forbiddenWords.includes(word.toLowerCase()));
  });
}

interface FunctionSpan {
  path: string;
  line: number;
  lines: number;
}

function scriptFunctions([path, text]: [string, string]): FunctionSpan[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  const spans: FunctionSpan[] = [];
  const lineOf = (position: number) => source.getLineAndCharacterOfPosition(position).line + 1;
  const visit = (node: ts.Node) => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body) {
      const line = lineOf(node.getStart());
      spans.push({ path, line, lines: lineOf(node.end) - line + 1 });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return spans;
}

/** Functions of namespaces, by Google style's columns: from a line at column 0 that opens a body to the next "}" there. */
function nativeFunctions([path, text]: [string, string]): FunctionSpan[] {
  const spans: FunctionSpan[] = [];
  let start = 0;
  stripText(text)
    .split('\n')
    .forEach((code, index) => {
      if (!start && /^[A-Za-z].*[({,]$/.test(code) && !/^(namespace|class|struct|enum|union|extern)\b/.test(code))
        start = index + 1;
      if (!/^[})]/.test(code)) return;
      if (start) spans.push({ path, line: start, lines: index + 2 - start });
      start = 0;
    });
  return spans;
}
