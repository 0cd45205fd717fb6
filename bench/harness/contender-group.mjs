import { startOf } from '../contenders/table.mjs';
import { ContenderProcess } from './contender-process.mjs';

/**
 * Starts contenders one after the other, has something done with them, and ends them.
 * @template T
 * @param {string[]} names
 * @param {{ threads: number, layout?: 'auto' | 'line', mode?: 'latency' | 'throughput', warmups?: number, timeout: number }} options pictures before the clock counts; seconds for the start and for each picture
 * @param {(contenders: Map<string, ContenderProcess>) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withContenders(names, options, work) {
  const contenders = new Map();
  try {
    for (const name of names) contenders.set(name, await startContender(name, options));
    return await work(contenders);
  } finally {
    await Promise.all([...contenders.values()].map((contender) => contender.close()));
  }
}

/** @param {string} name */
export function startContender(name, { threads, layout = 'auto', mode = 'latency', warmups = 0, timeout }) {
  return ContenderProcess.start(startOf(name, { threads, layout, mode, warm: warmups > 0 }), timeout * 1000);
}

/** What a contender says of itself, and why it did not run to the end if so. */
export async function aboutOf(name, contender) {
  const { stats: _stats, ...about } = (await contender.about()) ?? {};
  return { name, ...about, ...(contender.failure ? { failure: contender.failure } : {}) };
}
