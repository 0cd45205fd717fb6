import { SingleBar } from 'cli-progress';
import type { OutputStream } from './context.ts';

/** What a person sees of a run while it goes: a bar on a terminal, in a pipe the messages alone. */
export interface Progress {
  /** One picture is done. */
  advance(isFailed: boolean): void;
  /** A line that stays. */
  note(message: string): void;
  stop(): void;
}

/** @param isShown false where a bar would mix with output on the same terminal */
export function startProgress(stream: OutputStream, total: number, isShown: boolean): Progress {
  const line = (message: string) => {
    stream.write(`${message}\n`);
  };
  if (!isShown || !stream.isTTY || total < 2) return { advance() {}, note: line, stop() {} };
  let failures = 0;
  const bar = new SingleBar({
    stream: stream as unknown as NodeJS.WritableStream,
    format: '{bar} {value}/{total} pictures, {failures}{eta_formatted} left',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    clearOnComplete: true,
    // Ctrl-C is handled by the program as a whole.
    gracefulExit: false,
  });
  bar.start(total, 0, { failures: '' });
  return {
    advance(isFailed) {
      if (isFailed) failures += 1;
      bar.increment(1, { failures: failures === 0 ? '' : `${failures} failed, ` });
    },
    note(message) {
      stream.write('\r\u001b[K');
      line(message);
      bar.render();
    },
    stop: () => bar.stop(),
  };
}

/** "1 picture", "3 pictures". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** "0.42 s", "12.3 s", "3 min 20 s". */
export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 120) return `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}
