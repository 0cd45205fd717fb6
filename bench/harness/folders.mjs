import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of package.json. */
export const repository = fileURLToPath(new URL('../../', import.meta.url));

/** What the set-up fills and the runs leave behind; git ignores it. */
export const cacheFolder = join(repository, '.cache', 'bench');

export const resultsFolder = join(repository, 'bench', 'results');
