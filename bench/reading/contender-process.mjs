import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { repository } from './folders.mjs';

const stderrKept = 2000;

/** A contender's process, asked for one picture at a time. */
export class ContenderProcess {
  #child;
  #stderr = '';
  #waiting;
  #timeoutMs;
  /** Why it answers no more; undefined while it runs. */
  failure;
  /** What it said of itself. */
  description;
  /** Highest resident set so far; undefined where the platform does not tell. */
  peakRssBytes;

  /**
   * Starts a contender and waits until it is ready. Does not reject: `failure` says what went wrong.
   * @param {{ command: string, args: string[] }} start
   * @param {{ threads: number, timeoutMs: number }} options the time limit holds for the start and for each picture
   */
  static async start({ command, args }, { threads, timeoutMs }) {
    const contender = new ContenderProcess();
    contender.#timeoutMs = timeoutMs;
    contender.#spawn(command, [...args, '--threads', String(threads)]);
    const { ready, error } = await contender.#nextMessage();
    contender.description = ready;
    if (!ready) contender.failure ??= error?.message ?? 'said something else than what it is';
    return contender;
  }

  /**
   * Has a picture read.
   * @param {string} image absolute path
   * @returns {Promise<{ ms?: number, lines?: object[], text?: string, error?: { message: string } }>}
   */
  async ask(image) {
    if (this.failure) return { error: { message: this.failure } };
    this.#child.stdin.write(`${JSON.stringify({ image })}\n`);
    const answer = await this.#nextMessage();
    this.peakRssBytes = peakRss(this.#child.pid) ?? this.peakRssBytes;
    return answer;
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

  #spawn(command, args) {
    const child = spawn(command, args, { cwd: repository, stdio: ['pipe', 'pipe', 'pipe'] });
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

  #nextMessage() {
    if (this.failure) return Promise.resolve({ error: { message: this.failure } });
    return new Promise((resolve) => {
      const impatience = setTimeout(() => {
        this.#fail(`gave no answer within ${this.#timeoutMs / 1000} s`);
        this.#child.kill('SIGKILL');
      }, this.#timeoutMs);
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
}

/** The line that names the error: Node.js prints it before the stack, Python after it. */
function lastLine(text) {
  const lines = text.split('\n').filter((line) => line.trim());
  return (lines.find((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1) ?? 'no message').trim();
}

/** Linux: the process's own high-water mark; unlike getrusage's it does not begin with that of the process that forked it. */
function peakRss(pid) {
  try {
    const found = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return found ? Number(found[1]) * 1024 : undefined;
  } catch {
    return undefined;
  }
}
