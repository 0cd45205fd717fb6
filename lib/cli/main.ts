#!/usr/bin/env node
import { packageVersion } from '../package-files.ts';
import type { CliContext } from './context.ts';
import { Interruption } from './failures.ts';
import { run } from './program.ts';

const stop = new AbortController();
// Once each: a second Ctrl-C ends the process at once, as it does by default.
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort(new Interruption(name)));
