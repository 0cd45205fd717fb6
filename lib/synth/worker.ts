import { type MessagePort, parentPort, type TransferListItem, workerData } from 'node:worker_threads';
import { PlacardError } from '../errors.ts';
import { openPlan } from './draw.ts';
import type { DrawnSample } from './drawn-sample.ts';
import type { Plan } from './plan.ts';

/** What a worker answers to a place. */
export type Answer = { place: number } & ({ sample: DrawnSample } | { failure: { code?: string; message: string } });

const port = parentPort as MessagePort;
const opened = openPlan(workerData as Plan);
// Told to whoever asks for a sample.
opened.catch(() => {});

port.on('message', async (place: number) => {
  try {
    const sample = await (await opened)(place);
    // Small pictures lie in buffers that others share: those are copied.
    const whole = [sample.picture, ...Object.values(sample.maps)].filter(
      ({ buffer, byteLength }) => buffer instanceof ArrayBuffer && buffer.byteLength === byteLength,
    );
    port.postMessage({ place, sample } satisfies Answer, whole.map(({ buffer }) => buffer) as TransferListItem[]);
  } catch (error) {
    const failure = { code: PlacardError.is(error) ? error.code : undefined, message: (error as Error).message };
    port.postMessage({ place, failure } as Answer);
  }
});
