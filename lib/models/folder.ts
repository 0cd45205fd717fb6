import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * The folder for added weights: the option, else PLACARD_MODELS, else `placard` in the XDG data folder. Everything that
 * placard stores is below it.
 */
export function resolveModelsFolder(option?: string, env: NodeJS.ProcessEnv = process.env): string {
  if (option) return resolve(option);
  if (env.PLACARD_MODELS) return resolve(env.PLACARD_MODELS);
  const data = env.XDG_DATA_HOME || join(homedir(), '.local', 'share');
  return join(data, 'placard', 'models');
}
