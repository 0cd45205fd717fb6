import { describe, expect, test } from 'vitest';
import { importCycles, importViolations, libraryOutputViolations } from './library-rules.ts';
import {
  includeViolations,
  nativeOutputViolations,
  sourceListViolations,
  statusCodeViolations,
  wrappedSymbolViolations,
} from './native-rules.ts';
import { type SourceFiles, stripText } from './source-files.ts';
import { fileLengthViolations, functionLengthViolations, nameViolations } from './style-rules.ts';

type Rule = (files: SourceFiles) => string[];

/** Each rule with files that keep it and files that break it. */
const cases: { rule: Rule; name: string; kept: Record<string, string>; broken: Record<string, string> }[] = [
  {
    rule: includeViolations,
    name: 'a kernel that includes a shape',
    kept: { 'native/kernels/a.cc': '#include "base/b.h"\n#include <vector>', 'native/base/b.h': '' },
    broken: { 'native/kernels/a.cc': '#include "shapes/b.h"', 'native/shapes/b.h': '' },
  },
  {
    rule: includeViolations,
    name: 'a base that includes the device above it',
    kept: { 'native/device/a.cc': '#include "base/b.h"', 'native/base/b.h': '' },
    broken: { 'native/base/a.cc': '#include "device/b.h"', 'native/device/b.h': '' },
  },
  {
    rule: includeViolations,
    name: 'an include that is no path below native/',
    kept: { 'native/base/a.cc': '#include "base/b.h"', 'native/base/b.h': '' },
    broken: { 'native/base/a.cc': '#include "b.h"', 'native/base/b.h': '' },
  },
  ...['napi.h', 'onnxruntime_c_api.h', 'cuda_runtime.h', 'hwy/highway.h'].map((header) => ({
    rule: includeViolations,
    name: `${header} where it may not be`,
    kept: { 'native/addon/a.cc': '#include <string>' },
    broken: { [header === 'napi.h' ? 'native/runtime/a.cc' : 'native/addon/a.cc']: `#include <${header}>` },
  })),
  {
    rule: sourceListViolations,
    name: 'a source that is not listed',
    kept: {
      'native/sources.json': '{"core":["native/base/a.cc"],"addon":[]}',
      'native/base/a.cc': '',
      'native/base/a_test.cc': '',
    },
    broken: { 'native/sources.json': '{"core":[],"addon":[]}', 'native/base/a.cc': '' },
  },
  {
    rule: sourceListViolations,
    name: 'a listed source that is not there',
    kept: { 'native/sources.json': '{"core":[],"addon":[]}' },
    broken: { 'native/sources.json': '{"core":["native/base/a.cc"],"addon":[]}' },
  },
  {
    rule: sourceListViolations,
    name: 'a source of the addon in the core',
    kept: { 'native/sources.json': '{"core":[],"addon":["native/addon/a.cc"]}', 'native/addon/a.cc': '' },
    broken: { 'native/sources.json': '{"core":["native/addon/a.cc"],"addon":[]}', 'native/addon/a.cc': '' },
  },
  {
    rule: wrappedSymbolViolations,
    name: 'a wrapped symbol without a definition',
    kept: {
      'native/sources.json': '{"core":[],"addon":[],"wrapped":["dlopen","stat"]}',
      'native/base/glibc_floor.cc': 'PLACARD_WRAP(void*, dlopen, (int a), (a))\nint __wrap_stat(int a) {\n',
    },
    broken: {
      'native/sources.json': '{"core":[],"addon":[],"wrapped":["dlopen","dlsym"]}',
      'native/base/glibc_floor.cc': 'PLACARD_WRAP(void*, dlopen, (int a), (a))',
    },
  },
  {
    rule: wrappedSymbolViolations,
    name: 'a definition that the linker is not told of',
    kept: { 'native/sources.json': '{"core":[],"addon":[],"wrapped":[]}', 'native/base/glibc_floor.cc': '' },
    broken: {
      'native/sources.json': '{"core":[],"addon":[],"wrapped":[]}',
      'native/base/glibc_floor.cc': 'char __wrap_flag = 0;',
    },
  },
  {
    rule: nativeOutputViolations,
    name: 'native code that prints',
    kept: { 'native/base/a.cc': 'snprintf(text, 3, "x"); // printf("x")', 'native/base/a_test.cc': 'printf("x");' },
    broken: { 'native/base/a.cc': 'fprintf(stderr, "x");' },
  },
  {
    rule: (files) => statusCodeViolations(files, ['QUEUE_FULL']),
    name: 'a code that the error table lacks',
    kept: {
      'native/base/status.h': 'enum class Code { kOk, kQueueFull };',
      'native/base/status.cc': 'case Code::kQueueFull: return "QUEUE_FULL";',
    },
    broken: {
      'native/base/status.h': 'enum class Code { kOk, kLost };',
      'native/base/status.cc': 'case Code::kLost: return "LOST";',
    },
  },
  {
    rule: (files) => statusCodeViolations(files, ['QUEUE_FULL']),
    name: 'a code under another name',
    kept: {
      'native/base/status.h': 'enum class Code { kOk, kQueueFull };',
      'native/base/status.cc': 'case Code::kQueueFull: return "QUEUE_FULL";',
    },
    broken: {
      'native/base/status.h': 'enum class Code { kOk, kQueueFull };',
      'native/base/status.cc': 'case Code::kQueueFull: return "FULL";',
    },
  },
  {
    rule: importViolations,
    name: 'a stage that imports a reader',
    kept: { 'lib/readers/a.ts': "import { b } from '../stages/b.ts';", 'lib/stages/b.ts': '' },
    broken: { 'lib/stages/b.ts': "export type { A } from '../readers/a.ts';", 'lib/readers/a.ts': '' },
  },
  {
    rule: importViolations,
    name: 'rooms of a layer that know each other',
    kept: { 'lib/models/a.ts': "import { b } from './b.ts';", 'lib/models/b.ts': '' },
    broken: { 'lib/models/a.ts': "import { b } from '../scheduling/b.ts';", 'lib/scheduling/b.ts': '' },
  },
  {
    rule: importViolations,
    name: 'an output that knows more than results, by a late import',
    kept: { 'lib/output/a.ts': "import type { Reading } from '../reading.ts';", 'lib/reading.ts': '' },
    broken: { 'lib/output/a.ts': "await import('../package-files.ts');", 'lib/package-files.ts': '' },
  },
  {
    rule: importViolations,
    name: 'a stage that knows another',
    kept: { 'lib/stages/order.ts': "import { a } from './scripts.ts';", 'lib/stages/scripts.ts': '' },
    broken: { 'lib/stages/order.ts': "import { a } from './decode.ts';", 'lib/stages/decode.ts': '' },
  },
  {
    rule: importViolations,
    name: 'an import from outside lib',
    kept: { 'lib/engine.ts': "import { a } from 'node:fs';" },
    broken: { 'lib/engine.ts': "import { a } from '../test/a.ts';", 'test/a.ts': '' },
  },
  {
    rule: importCycles,
    name: 'a ring of imports',
    kept: { 'lib/models/a.ts': "import { b } from './b.ts';", 'lib/models/b.ts': '' },
    broken: {
      'lib/models/a.ts': "import './b.ts';",
      'lib/models/b.ts': "import './c.ts';",
      'lib/models/c.ts': "import './a.ts';",
    },
  },
  {
    rule: libraryOutputViolations,
    name: 'a library that logs',
    kept: { 'lib/engine.ts': '// console.log', 'lib/cli/read.ts': 'process.stdout.write(text);' },
    broken: { 'lib/engine.ts': 'console.warn(text);' },
  },
  {
    rule: fileLengthViolations,
    name: 'a long file',
    kept: { 'lib/a.ts': '\n'.repeat(450) },
    broken: { 'lib/a.ts': '\n'.repeat(451) },
  },
  {
    rule: functionLengthViolations,
    name: 'a long function in TypeScript',
    kept: { 'lib/a.ts': `function a() {${'\n'.repeat(59)}}` },
    broken: { 'lib/a.ts': `class A {\n  a() {${'\n'.repeat(60)}}\n}` },
  },
  {
    rule: functionLengthViolations,
    name: 'a long function in C++',
    kept: { 'native/base/a.cc': `namespace a {\nint A() {\n${'  b();\n'.repeat(58)}}\n}` },
    broken: { 'native/base/a.cc': `namespace a {\nint A(int b,\n      int c) {\n${'  b();\n'.repeat(59)}}\n}` },
  },
  {
    rule: nameViolations,
    name: 'an abbreviation in a name',
    kept: { 'lib/a.ts': "const record = require('node:util'); // the img" },
    broken: { 'lib/a.ts': 'const srcImg = 1;' },
  },
  {
    rule: nameViolations,
    name: 'an empty word in a file name',
    kept: { 'native/base/helpful.cc': 'int utility;' },
    broken: { 'native/base/string_utils.cc': '' },
  },
];

describe('architecture rules', () => {
  test.each(cases)('find $name', ({ rule, kept, broken }) => {
    expect(rule(new Map(Object.entries(kept)))).toEqual([]);
    expect(rule(new Map(Object.entries(broken)))).toHaveLength(1);
  });

  test('refuse a room without a layer', () => {
    const native = new Map([
      ['native/base/a.cc', '#include "attic/b.h"'],
      ['native/attic/b.h', ''],
    ]);
    expect(() => includeViolations(native)).toThrow('native/attic has no layer');
    const lib = new Map([
      ['lib/engine.ts', "import './attic/a.ts';"],
      ['lib/attic/a.ts', ''],
    ]);
    expect(() => importViolations(lib)).toThrow('lib/attic has no layer');
  });

  test('look past comments and text', () => {
    expect(stripText('a("b // c", \'d\') // e\n/* f\ng */ h')).toBe('a("", \'\') \n\n h');
  });
});
