import path from 'node:path';
import { z } from 'zod';
import type { CropSample } from '../labels.ts';
import {
  candidatesBelow,
  type LabeledSamples,
  type LabelReader,
  type LabelWriter,
  picturesFor,
  stemOf,
} from './label-format.ts';
import { labelsInvalid, readLabelJson } from './label-lines.ts';
import { cannotHold, oneLine, textsOnly, writeText } from './written-lines.ts';

const annotationSchema = z.looseObject({
  description: z.string(),
  name: z.string().optional(),
  size: z.object({ width: z.number(), height: z.number() }).nullish(),
});

/** nomeroff's plates: `img/NAME.png` with `ann/NAME.json`, its `description` the text; what else it says are attributes. */
export const nomeroffReader: LabelReader = {
  find: (place) => candidatesBelow(place, 'ann', /\.json$/),
  async read({ folder }, files): Promise<LabeledSamples> {
    const { root, names } = await picturesFor(path.join(folder, 'ann'));
    const samples: CropSample[] = [];
    for (const name of files) {
      const file = path.join(folder, name);
      const {
        description,
        name: stem,
        size,
        tags,
        objects,
        ...attributes
      } = await readLabelJson(file, annotationSchema);
      const image = names.get(path.basename(name, '.json')) ?? names.get(stem ?? '');
      if (!image) throw labelsInvalid({ file, text: '' }, 'Expected a picture of the same name in img.');
      const about = {
        ...(size ? { width: size.width, height: size.height } : {}),
        ...(Object.keys(attributes).length === 0 ? {} : { attributes }),
      };
      samples.push({
        image: `${path.basename(root)}/${image}`,
        kind: 'crop',
        text: description,
        alternatives: [],
        ...about,
      });
    }
    return { root: path.dirname(root), samples, origin: (i) => path.join(folder, files[i]!) };
  },
};

/** What annotations say where a sample does not: an unknown region, not painted over, one line. */
const defaults = { tags: [], objects: [], state_id: 2, region_id: 0, count_lines: 1 };

/** Folders `img` and `ann`. */
export const nomeroffWriter: LabelWriter = {
  pictures: { folder: 'img', isFlat: true },
  async write(folder, samples) {
    for (const sample of textsOnly(samples, 'nomeroff')) {
      const { image, text, width, height, attributes } = sample;
      const name = stemOf(path.posix.basename(image));
      if (width === undefined || height === undefined) throw cannotHold('nomeroff', image, 'has no known size');
      const annotation = {
        description: oneLine(text, image, 'nomeroff'),
        name,
        ...defaults,
        ...attributes,
        size: { width, height },
      };
      await writeText(path.join(folder, 'ann', `${name}.json`), `${JSON.stringify(annotation)}\n`);
    }
  },
};
