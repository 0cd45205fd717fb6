import { readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';

/** While its holder lives, a claim's time is renewed this often. */
const renewalMilliseconds = 1000;
/** A claim that was not renewed for so long was left by a process that died. */
const staleMilliseconds = 10_000;
const pollMilliseconds = 50;

/**
 * Does work that several processes may want at once, so that as a rule one does it and the others wait for what it makes. Safe
 * without it too: the work must be such that doing it twice does no harm.
 * @param path of the file that says that somebody is at work
 * @param finished what was made, once it is there
 */
export async function claimedWork<T>(
  path: string,
  finished: () => Promise<T | undefined>,
  work: () => Promise<T>,
): Promise<T> {
  for (;;) {
    if (await claim(path)) return workWhileClaimed(path, finished, work);
    const made = await finished();
    if (made !== undefined) return made;
    if (await isStale(path)) await rm(path, { force: true });
    else await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
  }
}

async function workWhileClaimed<T>(
  path: string,
  finished: () => Promise<T | undefined>,
  work: () => Promise<T>,
): Promise<T> {
  const renewal = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => {});
  }, renewalMilliseconds);
  renewal.unref();
  try {
    // Somebody may have finished between the look for it and the claim.
    return (await finished()) ?? (await work());
  } finally {
    clearInterval(renewal);
    await rm(path, { force: true }).catch(() => {});
  }
}

/** False where somebody else holds it. */
async function claim(path: string): Promise<boolean> {
  try {
    await writeFile(path, JSON.stringify({ host: hostname(), pid: process.pid }), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function isStale(path: string): Promise<boolean> {
  const stats = await stat(path).catch(() => undefined);
  if (!stats) return false;
  return Date.now() - stats.mtimeMs > staleMilliseconds || (await isDead(path));
}

/** Whether the holder was a process of this machine and is no more. */
async function isDead(path: string): Promise<boolean> {
  try {
    const { host, pid } = JSON.parse(await readFile(path, 'utf8')) as { host: string; pid: number };
    if (host === hostname()) process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
