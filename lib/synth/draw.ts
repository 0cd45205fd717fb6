import type { SampleFiles } from '../datasets/shard-writer.ts';
import { Backgrounds } from './backgrounds.ts';
import type { DrawnSample } from './drawn-sample.ts';
import { Effects } from './effects.ts';
import { FontLibrary } from './fonts/font-library.ts';
import { LineDrawer } from './lines.ts';
import { drawingContext } from './photograph.ts';
import type { Plan } from './plan.ts';
import { Random } from './random.ts';
import { SceneDrawer } from './scenes.ts';
import { TextSource } from './text/text-source.ts';
import { readWordLists } from './text/word-lists.ts';

/** Draws the sample at a place of the run. */
export type Draw = (place: number) => Promise<DrawnSample>;

/** Opens a plan's materials. */
export async function openPlan(plan: Plan): Promise<Draw> {
  const { seed, only, drawing, materials } = plan;
  const { folder, hasPhotographs } = materials;
  const supplies = {
    fonts: new FontLibrary(materials.faces),
    texts: await textSourceOf(plan, materials.languages),
    backgrounds: await Backgrounds.open({
      context: drawingContext(),
      side: drawing.kind === 'lines' ? 384 : drawing.size,
      ...(hasPhotographs && { folder }),
    }),
    effects: new Effects(only),
  };
  const drawer = drawing.kind === 'lines' ? new LineDrawer(supplies, drawing) : new SceneDrawer(supplies, drawing);
  // A sample depends on its place alone, not on those drawn before it: any thread may draw it, at any time.
  return (place) => drawer.draw(new Random(`${seed}/${drawing.kind}/${place}`));
}

/** Texts of some languages, as a plan has them. */
export async function textSourceOf({ materials, drawing }: Plan, languages: readonly string[]): Promise<TextSource> {
  const { folder, hasWords } = materials;
  return new TextSource({
    languages,
    ...(hasWords && { corpora: await readWordLists(folder, languages) }),
    ...(drawing.kind === 'lines' && { frequencies: drawing.frequencies }),
    ...(drawing.kind === 'lines' && drawing.characters && { alphabet: drawing.characters }),
  });
}

/** The files of a sample in a shard. */
export function filesOf({ picture, record, maps }: DrawnSample, place: number): SampleFiles {
  const image = `${String(place).padStart(9, '0')}.jpg`;
  return { jpg: picture, json: Buffer.from(JSON.stringify({ image, ...record })), ...maps };
}
