/**
 * Reads Mats of a built @u4/opencv4nodejs: `node test/opencv/mat.mjs FOLDER`, the folder whose node_modules has it. Run by
 * .ci/opencv, not by `npm test`.
 */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { createEngine } from '../../dist/index.js';

const folder = process.argv[2];
assert(folder, 'Usage: node test/opencv/mat.mjs FOLDER');
const cv = createRequire(join(resolve(folder), 'package.json'))('@u4/opencv4nodejs');
const sample = (name) => join(import.meta.dirname, '..', '..', 'samples', name);
const line = sample('line.png');
const street = sample('street.png');
const text = 'The ferry to the islands leaves at 10:45';

const engine = await createEngine();

/** A reading without the times that it took. */
async function read(input, options = {}) {
  const { timings: _, ...reading } = await engine.recognize(input, options);
  return reading;
}

const checks = {
  'a Mat of a PNG file is read as the file is': async () => {
    const mat = cv.imread(line);
    assert.deepEqual([mat.rows, mat.cols, mat.channels], [72, 940, 3]);
    const reading = await read(mat);
    assert.equal(reading.text, text);
    assert.deepEqual(reading, await read(line));
  },
  'its color order is BGR': async () => {
    // Many colors: with red and blue in the other order, confidences and places differ.
    const wanted = await read(street);
    const mat = cv.imread(street);
    assert.deepEqual(await read(mat), wanted);
    assert.notDeepEqual(await read(mat.cvtColor(cv.COLOR_BGR2RGB)), wanted);
  },
  'a gray Mat is read': async () => {
    const gray = cv.imread(line, cv.IMREAD_GRAYSCALE);
    assert.equal(gray.channels, 1);
    assert.equal((await read(gray)).text, text);
  },
  'a BGRA Mat is read as the BGR one': async () => {
    const mat = cv.imread(street).cvtColor(cv.COLOR_BGR2BGRA);
    assert.equal(mat.channels, 4);
    assert.deepEqual(await read(mat), await read(street));
  },
  'a copied region is read': async () => {
    const region = cv
      .imread(line)
      .getRegion(new cv.Rect(0, 0, 400, 72))
      .copy();
    assert.equal(
      (await read(region)).text,
      (await read(line, { region: { left: 0, top: 0, width: 400, height: 72 } })).text,
    );
  },
  'a region that shares its Mat’s pixels, which OpenCV does not hand out, is refused': async () => {
    const region = cv.imread(line).getRegion(new cv.Rect(0, 0, 400, 72));
    await assert.rejects(read(region), { code: 'ERR_PLACARD_INVALID_ARGUMENT', message: /Region of Interest/ });
  },
  'Mats of 16 bits and of floats are refused': async () => {
    for (const type of [cv.CV_16UC3, cv.CV_32FC3]) {
      await assert.rejects(read(cv.imread(line).convertTo(type)), {
        code: 'ERR_PLACARD_INVALID_ARGUMENT',
        message: /^Expected an 8-bit Mat/,
      });
    }
  },
  'an empty Mat is refused': async () => {
    await assert.rejects(read(new cv.Mat()), { name: 'PlacardError' });
  },
};

try {
  for (const [what, check] of Object.entries(checks)) {
    await check().catch((cause) => {
      throw new Error(`Not so: ${what}.`, { cause });
    });
    console.log(`ok: ${what}`);
  }
} finally {
  await engine.close();
}
