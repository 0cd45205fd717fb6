import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Application } from 'typedoc';
import ts from 'typescript';
import { errorsDocument } from './errors-document.mjs';
import { main, PlainError, root } from './run.mjs';

/** npm run docs: docs/errors.md from the error table, docs/api/ from what lib/index.ts exports. */
await main(async () => {
  mkdirSync(join(root, 'docs'), { recursive: true });
  writeFileSync(join(root, 'docs', 'errors.md'), errorsDocument(await readErrorTable()));
  const out = join(root, 'docs', 'api');
  rmSync(out, { recursive: true, force: true });
  const application = await Application.bootstrapWithPlugins({
    name: 'placard',
    entryPoints: [join(root, 'lib', 'index.ts')],
    tsconfig: join(root, 'tsconfig.json'),
    plugin: ['typedoc-plugin-markdown'],
    out,
    // npm run lint tells type errors.
    skipErrorChecking: true,
    readme: 'none',
    outputFileStrategy: 'modules',
    entryFileName: 'README',
    disableSources: true,
    excludeExternals: true,
    excludePrivate: true,
    excludeInternal: true,
    hideGenerator: true,
    hideBreadcrumbs: true,
    parametersFormat: 'table',
    interfacePropertiesFormat: 'table',
    sort: ['source-order'],
    logLevel: 'Warn',
  });
  const project = await application.convert();
  if (!project || application.logger.hasErrors()) throw new PlainError('typedoc could not read lib/index.ts.');
  await application.generateOutputs(project);
  console.log('Wrote docs/errors.md and docs/api/README.md.');
});

async function readErrorTable() {
  const source = readFileSync(join(root, 'lib', 'errors.ts'), 'utf8');
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
  });
  const { errorTable } = await import(`data:text/javascript;base64,${Buffer.from(outputText).toString('base64')}`);
  return errorTable;
}
