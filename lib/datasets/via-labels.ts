import { stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { boxQuad } from '../geometry/quad.ts';
import type { SceneSample, TrueLine } from '../labels.ts';
import type { Point, Polygon } from '../reading.ts';
import {
  beginningWith,
  candidates,
  ignoredText,
  type LabeledSamples,
  type LabelReader,
  type LabelWriter,
  rootFor,
} from './label-format.ts';
import { labelsInvalid, readLabelJson } from './label-lines.ts';
import { scenesOnly, writeText } from './written-lines.ts';

const fileName = 'via_region_data.json';

const numbersSchema = z.array(z.number());
const shapeSchema = z.object({
  name: z.string(),
  all_points_x: numbersSchema.optional(),
  all_points_y: numbersSchema.optional(),
  x: z.number().optional(),
  y: z.number().optional(),
  width: z.number().optional(),
  height: z.number().optional(),
});
const regionSchema = z.object({
  shape_attributes: shapeSchema,
  region_attributes: z.record(z.string(), z.unknown()).default({}),
});
/** VIA 1 numbers the regions by keys, VIA 2 lists them. */
const pictureSchema = z.object({
  filename: z.string().min(1),
  regions: z.union([z.array(regionSchema), z.record(z.string(), regionSchema)]).default([]),
});
const picturesSchema = z.record(z.string(), pictureSchema);
const projectSchema = z.object({ _via_img_metadata: picturesSchema });
/** As much as tells the format. */
const anySchema = z.record(z.string(), z.unknown());

type Region = z.infer<typeof regionSchema>;
type Shape = z.infer<typeof shapeSchema>;

/** Attributes that people keep a region's text in; the first that a region has counts. */
const textAttributes = ['text', 'transcription', 'np', 'label', 'name'];

/** Projects of version 2 and exported annotations of 1 and 2 of the VGG Image Annotator: polygons and rectangles with a text. */
export const viaReader: LabelReader = {
  async find(place) {
    const names = candidates(place, /\.json$/);
    const first = names.includes(fileName) ? fileName : names[0];
    return first ? beginningWith(place.folder, [first], /"(?:_via_img_metadata|shape_attributes|regions)"\s*:/) : [];
  },
  async read({ folder }, [name]): Promise<LabeledSamples> {
    const file = path.join(folder, name!);
    const isProject = '_via_img_metadata' in (await readLabelJson(file, anySchema));
    const pictures = isProject
      ? (await readLabelJson(file, projectSchema))._via_img_metadata
      : await readLabelJson(file, picturesSchema);
    const keys = Object.keys(pictures);
    const samples = Object.values(pictures).map(({ filename, regions }, i): SceneSample => {
      const lines = Object.values(regions).map((region, k) => toLine(region, `${keys[i]}: regions[${k}]`, file));
      return { image: filename.replaceAll('\\', '/'), kind: 'scene', lines };
    });
    return { root: rootFor(folder, samples[0]?.image), samples, origin: (i) => `${file}: ${keys[i]}` };
  },
};

function toLine(
  { shape_attributes: shape, region_attributes: attributes }: Region,
  where: string,
  file: string,
): TrueLine {
  const polygon = outlineOf(shape);
  if (!polygon) {
    const message = `${where}: Expected a polygon or a rectangle but received a ${shape.name}.`;
    throw labelsInvalid({ file, text: '' }, message);
  }
  const text = textAttributes.map((name) => attributes[name]).find((value) => typeof value === 'string') ?? '';
  const ignore = text === ignoredText || attributes.ignore === 'true' || attributes.ignore === true;
  return { polygon, text: ignore ? '' : text, ignore, alternatives: [] };
}

function outlineOf({ name, all_points_x: xs, all_points_y: ys, x, y, width, height }: Shape): Polygon | undefined {
  if (name === 'rect' && x !== undefined && y !== undefined && width !== undefined && height !== undefined) {
    return boxQuad({ left: x, top: y, right: x + width, bottom: y + height });
  }
  if ((name !== 'polygon' && name !== 'polyline') || !xs || xs.length < 3 || xs.length !== ys?.length) return undefined;
  return xs.map((value, i): Point => [value, ys[i]!]);
}

/** A project of version 2, `via_region_data.json`: the text is the attribute `text`. */
export const viaWriter: LabelWriter = {
  pictures: { folder: '', isFlat: true },
  async write(folder, samples) {
    const metadata: Record<string, unknown> = {};
    for (const { image, lines } of scenesOnly(samples, 'via')) {
      const { size } = await stat(path.join(folder, image));
      metadata[`${image}${size}`] = { filename: image, size, regions: lines.map(toRegion), file_attributes: {} };
    }
    const project = {
      _via_settings: { ui: {}, core: {}, project: { name: path.basename(folder) } },
      _via_img_metadata: metadata,
      _via_attributes: { region: { text: { type: 'text', description: '', default_value: '' } }, file: {} },
      _via_data_format_version: '2.0.10',
      _via_image_id_list: Object.keys(metadata),
    };
    await writeText(path.join(folder, fileName), `${JSON.stringify(project)}\n`);
  },
};

function toRegion({ polygon, text, ignore }: TrueLine) {
  return {
    shape_attributes: {
      name: 'polygon',
      all_points_x: polygon.map(([x]) => x),
      all_points_y: polygon.map(([, y]) => y),
    },
    region_attributes: { text: ignore ? ignoredText : text },
  };
}
