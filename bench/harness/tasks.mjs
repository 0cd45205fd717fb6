import { coldStart } from '../cold-start/task.mjs';
import { crops } from '../crops/task.mjs';
import { detection } from '../detection/task.mjs';
import { latency } from '../latency/task.mjs';
import { memory } from '../memory/task.mjs';
import { stream } from '../stream/task.mjs';
import { throughput } from '../throughput/task.mjs';

/**
 * @typedef {object} Task
 * @property {string} title
 * @property {boolean} bySet measured set by set, each kept when it is done; else all sets together
 * @property {Record<string, number>} defaults of the options that it takes beside the common ones
 * @property {Function} measure
 * @property {(result: object) => import('./markdown.mjs').Table[]} tablesOf
 */

/** By name. @type {Record<string, Task>} */
export const tasks = { latency, throughput, crops, detection, 'cold-start': coldStart, memory, stream };
