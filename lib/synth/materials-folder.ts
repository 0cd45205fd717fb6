import { join, resolve } from 'node:path';
import { dataFolder } from '../models/folder.ts';

/** The folder for words and photographs: the option, else PLACARD_MATERIALS, else `materials` in the data folder. */
export function resolveMaterialsFolder(option?: string, env: NodeJS.ProcessEnv = process.env): string {
  if (option) return resolve(option);
  if (env.PLACARD_MATERIALS) return resolve(env.PLACARD_MATERIALS);
  return join(dataFolder(env), 'materials');
}
