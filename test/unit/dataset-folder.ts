import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect } from 'vitest';
import type { Point } from '../../lib/reading.ts';

/** A folder for one test. */
export class DatasetFolder {
  path = '';

  constructor() {
    beforeEach(() => {
      this.path = mkdtempSync(path.join(tmpdir(), 'placard-datasets-'));
    });
    afterEach(() => rmSync(this.path, { recursive: true, force: true }));
  }

  at(name: string): string {
    return path.join(this.path, name);
  }

  put(name: string, contents: string | Uint8Array | object): string {
    const file = this.at(name);
    mkdirSync(path.dirname(file), { recursive: true });
    const isText = typeof contents === 'string' || contents instanceof Uint8Array;
    writeFileSync(file, isText ? contents : JSON.stringify(contents));
    return file;
  }

  /** A gray picture. */
  async picture(name: string, width = 100, height = 50): Promise<void> {
    const { data } = await gray(width, height, name.endsWith('.png') ? 'png' : 'jpeg');
    this.put(name, data);
  }
}

export async function gray(width: number, height: number, format: 'png' | 'jpeg' | 'webp') {
  const background = { r: 128, g: 128, b: 128 };
  const data = await sharp({ create: { width, height, channels: 3, background } })
    .toFormat(format)
    .toBuffer();
  return { data, width, height };
}

/** A rectangle as a polygon. */
export function box(left: number, top: number, right: number, bottom: number): Point[] {
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ];
}

export function placardError(code: string, message: string | RegExp) {
  return expect.objectContaining({ code: `ERR_PLACARD_${code}`, message: expect.stringMatching(message) });
}

export function labelsInvalid(message: string | RegExp) {
  return placardError('LABELS_INVALID', message);
}
