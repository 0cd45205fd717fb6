import { z } from 'zod';
import type { Prediction } from '../labels.ts';
import type { Reading } from '../reading.ts';
import { parseJson, pointSchema, readLabelLines } from './label-lines.ts';

const polygonSchema = z.array(pointSchema).nullish();

const predictionSchema = z.object({
  image: z.string().min(1),
  lines: z
    .array(
      z.object({
        text: z.string().nullish(),
        confidence: z.number().nullish(),
        polygon: polygonSchema,
        poly: polygonSchema,
      }),
    )
    .nullish(),
  text: z.string().nullish(),
  ms: z.number().nullish(),
  timings: z.looseObject({ total: z.number().nullish() }).nullish(),
  cpu: z.number().nullish(),
  error: z
    .union([z.looseObject({ code: z.string().optional(), message: z.string().optional() }), z.string()])
    .nullish(),
});

/**
 * Reads predictions, one JSON object a line: `{"image", "lines": [{"text", "polygon" or "poly"}]}` and, where known, `"text"`,
 * `"ms"` or `"timings": {"total"}`, `"cpu"`, `"error"`; so also what `placard read --format jsonl` writes.
 */
export async function readPredictions(file: string): Promise<Prediction[]> {
  return (await readLabelLines(file)).map((line) => {
    const record = parseJson(line, predictionSchema);
    const ms = record.ms ?? record.timings?.total;
    const error = typeof record.error === 'string' ? { message: record.error } : record.error;
    return {
      image: record.image,
      lines: (record.lines ?? []).map(({ text, confidence, polygon, poly }) => ({
        text: text ?? '',
        ...present({ confidence, polygon: polygon ?? poly }),
      })),
      ...present({ text: record.text, ms, cpu: record.cpu, error }),
    };
  });
}

/** A prediction as one line of such a file, without its line end. */
export function writePrediction(prediction: Prediction): string {
  return JSON.stringify(prediction);
}

/** A reading as a prediction of the picture at `image`. */
export function toPrediction(image: string, reading: Reading): Prediction {
  return {
    image,
    text: reading.text,
    lines: reading.lines.map((line) => ({
      text: line.text,
      confidence: line.confidence,
      polygon: line.polygon ?? line.quad,
    })),
    ms: reading.timings.total,
  };
}

type Present<T> = { [K in keyof T]?: NonNullable<T[K]> };

function present<T extends Record<string, unknown>>(fields: T): Present<T> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null && value !== undefined),
  ) as Present<T>;
}
