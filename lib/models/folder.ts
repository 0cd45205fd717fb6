import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** The user's folder for what placard stores: `placard` in the XDG data folder. */
export function dataFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'placard');
}

/**
 * The folder for added weights: the option, else PLACARD_MODELS, else `models` in the data folder. Everything that placard
 * stores for reading is below it.
 */
export function resolveModelsFolder(option?: string, env: NodeJS.ProcessEnv = process.env): string {
  if (option) return resolve(option);
  if (env.PLACARD_MODELS) return resolve(env.PLACARD_MODELS);
  return join(dataFolder(env), 'models');
}
