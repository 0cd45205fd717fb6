import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { repository } from './folders.mjs';

const stderrKept = 2000;

/** A contender's process, asked for one thing at a time. */
export class ContenderProcess {
  #child;
  #stderr = '';
  #waiting;
  #timeoutMs;
  /** Why it answers no more; undefined while it runs. */
  failure;
  /** Milliseconds from its start until it could read. */
  startMs;

  /**
   * Starts a contender and waits until it can read. Does not reject: `failure` says what went wrong.
   * @param {{ command: string, args: string[], environment: Record<string, string> }} start
   * @param {number} timeoutMs holds for the start and for each picture
   */
  static async start(start, timeoutMs) {
    const contender = new ContenderProcess();
    contender.#timeoutMs = timeoutMs;
    const started = performance.now();
    contender.#spawn(start);
    const { ready, error } = await contender.#nextMessage(1);
    contender.startMs = performance.now() - started;
    if (!ready) contender.failure ??= error?.message ?? 'said something else than that it is ready';
    return contender;
  }

  /** What it says of itself: engine, versions, settings, weights; undefined where it says nothing. */
  async about() {
    return (await this.#ask({}, 1)).about;
  }

  /**
   * Has a picture read.
   * @param {string} image absolute path
   * @returns {Promise<{ ms?: number, lines?: object[], text?: string, error?: { message: string } }>}
   */
  read(image) {
    return this.#ask({ image }, 1);
  }

  /**
   * Has many pictures read, by the contender's own means.
   * @param {string[]} images absolute paths
   * @returns {Promise<{ ms?: number, answers?: object[], error?: { message: string } }>} `ms` for all of them
   */
  readAll(images) {
    return this.#ask({ images }, images.length);
  }

  /** Linux: resident bytes now, and the process's own high-water mark; undefined elsewhere. */
  memory() {
    const status = this.#kernelFile('status');
    const bytes = (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? Number.NaN) * 1024;
    return status && { rssBytes: bytes('VmRSS'), peakRssBytes: bytes('VmHWM') };
  }

  /** Linux: CPU milliseconds so far, to a tick of 10 ms, of the process and of its main thread; undefined elsewhere. */
  cpuMilliseconds() {
    const [all, main] = ['stat', `task/${this.#child.pid}/stat`].map((name) => this.#kernelFile(name));
    return all && main && { process: ticksOf(all) * 10, mainThread: ticksOf(main) * 10 };
  }

  /** Ends the process. */
  async close() {
    const child = this.#child;
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const closed = new Promise((resolve) => child.once('close', resolve));
    child.stdin.end();
    const impatience = setTimeout(() => child.kill('SIGKILL'), 5000);
    await closed;
    clearTimeout(impatience);
  }

  #spawn({ command, args, environment }) {
    const env = { ...process.env, ...environment };
    const child = spawn(command, args, { cwd: repository, env, stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child = child;
    child.stderr.setEncoding('utf8').on('data', (text) => {
      this.#stderr = (this.#stderr + text).slice(-stderrKept);
    });
    // What is written to a process that has ended is answered by its end.
    child.stdin.on('error', () => {});
    createInterface({ input: child.stdout }).on('line', (line) => this.#receive(line));
    child.once('error', ({ message }) => this.#fail(`could not be started: ${message}`));
    child.once('close', (code, signal) =>
      this.#fail(`ended with ${signal ?? `code ${code}`}: ${lastLine(this.#stderr)}`),
    );
  }

  #ask(message, patience) {
    if (!this.failure) this.#child.stdin.write(`${JSON.stringify(message)}\n`);
    return this.#nextMessage(patience);
  }

  #nextMessage(patience) {
    if (this.failure) return Promise.resolve({ error: { message: this.failure } });
    return new Promise((resolve) => {
      const impatience = setTimeout(() => {
        this.#fail(`gave no answer within ${(this.#timeoutMs * patience) / 1000} s`);
        this.#child.kill('SIGKILL');
      }, this.#timeoutMs * patience);
      this.#waiting = (message) => {
        clearTimeout(impatience);
        this.#waiting = undefined;
        resolve(message);
      };
    });
  }

  #receive(line) {
    try {
      this.#waiting?.(JSON.parse(line));
    } catch {
      this.#fail(`said no JSON: ${line.slice(0, 100)}`);
      this.#child.kill('SIGKILL');
    }
  }

  #fail(message) {
    this.failure ??= message;
    this.#waiting?.({ error: { message: this.failure } });
  }

  #kernelFile(name) {
    try {
      return readFileSync(`/proc/${this.#child.pid}/${name}`, 'utf8');
    } catch {
      return undefined;
    }
  }
}

/** User and system time of a `stat` file of /proc; its second field may hold spaces and parentheses. */
function ticksOf(stat) {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

/** The line that names the error: Node.js prints it before the stack, Python after it. */
function lastLine(text) {
  const lines = text.split('\n').filter((line) => line.trim());
  return (lines.find((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1) ?? 'no message').trim();
}
