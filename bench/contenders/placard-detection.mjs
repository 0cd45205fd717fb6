// placard's detector alone, as it is built here: `model`, `provider`; all else as it comes.
import { openEngine } from './placard.mjs';

export async function create(options) {
  const { engine, about } = await openEngine(options);
  return {
    read: (image) => engine.detect(image),
    toAnswer: (regions) => ({
      lines: regions.map(({ quad, score }) => ({ text: '', confidence: score, polygon: quad })),
    }),
    about() {
      const { weights, ...others } = about({ part: 'detector' });
      return { ...others, weights: { detector: weights.detector } };
    },
    close: () => engine.close(),
  };
}
