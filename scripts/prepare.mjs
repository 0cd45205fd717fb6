import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildAddon } from './build-addon.mjs';
import { buildLib } from './build-lib.mjs';
import { main, PlainError, root } from './run.mjs';

/** What npm runs after installing a clone: makes it ready to use. */
await main(async () => {
  if (!existsSync(join(root, 'node_modules', 'tsdown'))) {
    throw new PlainError(
      'A clone of placard is built with its development packages, and they are not installed. Run npm ci without --omit=dev and with NODE_ENV unset; to use placard without building it, install the published package.',
    );
  }
  await buildAddon();
  await buildLib();
});
