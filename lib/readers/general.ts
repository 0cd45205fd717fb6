import { boxQuad, turnBack } from '../geometry/quad.ts';
import { type NativeImage, native } from '../native.ts';
import type { Rotation } from '../reading.ts';
import { detectDb, detectDefaults, type TextRegion } from '../stages/detect-db.ts';
import { orderLines } from '../stages/order.ts';
import { toLine } from './draft.ts';
import { type FoundLine, readRegions } from './lines.ts';
import { findSideways } from './page-rotation.ts';
import type { Draft, Reader, ReaderTools, ReadOptions } from './reader.ts';

/** Any picture with text: detect, turn the page upright, rectify, recognize, order. */
export const readGeneral: Reader = async (image, tools, options) => {
  if (options.layout === 'line') return draft(await readWhole(image, tools, options), 0, image);
  const regions = await detect(image, tools);
  const rotation = await tools.timed('orient', () => findSideways(image, regions, tools));
  const lines =
    rotation === 0
      ? await readRegions(image, regions, tools, options)
      : await readTurned(image, rotation, tools, options);
  return tools.timed('order', () => draft(keepConfident(lines, options), rotation, image));
};

function detect(image: NativeImage, tools: ReaderTools): Promise<TextRegion[]> {
  return tools.timed('detect', () => detectDb(image, tools.detector, detectDefaults, tools.context));
}

/** Turns the page upright and begins again: detectors find more in lines that run across. */
async function readTurned(
  image: NativeImage,
  rotation: Rotation,
  tools: ReaderTools,
  options: ReadOptions,
): Promise<FoundLine[]> {
  const turns = (4 - rotation / 90) % 4;
  const upright = await tools.timed('orient', () => native().turnImage(tools.context, { image, turns }));
  try {
    return await readRegions(upright, await detect(upright, tools), tools, options);
  } finally {
    upright.dispose();
  }
}

async function readWhole(image: NativeImage, tools: ReaderTools, options: ReadOptions): Promise<FoundLine[]> {
  const quad = boxQuad({ left: 0, top: 0, right: image.width, bottom: image.height });
  return readRegions(image, [{ quad, score: 1 }], tools, options);
}

function keepConfident(lines: readonly FoundLine[], options: ReadOptions): FoundLine[] {
  return lines.filter((line) => line.text.trim() !== '' && line.confidence >= options.minConfidence);
}

function draft(lines: readonly FoundLine[], rotation: Rotation, { width, height }: NativeImage): Draft {
  const blocks = orderLines(lines);
  const ordered = blocks.flat();
  const index = new Map(ordered.map((line, i) => [line, i]));
  const back = <T extends Parameters<typeof turnBack>[0]>(points: T): T => turnBack(points, rotation, width, height);
  return {
    rotation,
    lines: ordered.map((line) => toLine(line, back)),
    blocks: blocks.map((block) => ({ quad: back(enclosing(block)), lines: block.map((line) => index.get(line)!) })),
  };
}

function enclosing(block: readonly FoundLine[]): ReturnType<typeof boxQuad> {
  const points = block.flatMap((line) => line.quad);
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  return boxQuad({ left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) });
}
