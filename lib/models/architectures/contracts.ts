import type { DetectContract, RecognizeContract } from '../contract.ts';
import { crnnHeight } from './crnn.ts';
import { easyocrHeight } from './crnn-easyocr.ts';

/** What goes into a network and what comes out, as its contract says it. */
export type DetectFacts = Pick<DetectContract, 'task' | 'decoder' | 'input'>;
export type RecognizeFacts = Pick<RecognizeContract, 'task' | 'decoder' | 'input'> & {
  output: Omit<RecognizeContract['output'], 'classes' | 'alphabet'>;
};

export const craftFacts: DetectFacts = {
  task: 'detect',
  decoder: 'craft',
  input: { layout: 'nchw', order: 'rgb', mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225], multipleOf: 32 },
};

const logits = { values: 'logits', blank: 0, space: 'none' } as const;

function lineFacts(
  input: Omit<RecognizeContract['input'], 'layout' | 'order'>,
  steps: { per: number; plus: number },
): RecognizeFacts {
  return {
    task: 'recognize',
    decoder: 'ctc',
    input: { layout: 'nchw', order: 'gray', ...input },
    output: { ...logits, steps },
  };
}

/** How a line is made into a CRNN's input. */
export const crnnPresets = ['fixed', 'proportional'] as const;
export type CrnnPreset = (typeof crnnPresets)[number];

/**
 * `fixed`: 100 columns whatever the line's aspect, as crnn.pytorch was trained. `proportional`: 4/7 of the exact aspect, as the
 * versions for Chinese were, which squeezed lines of 280 columns into 160.
 */
export const crnnFacts: Readonly<Record<CrnnPreset, RecognizeFacts>> = {
  fixed: lineFacts({ mean: [0.5], std: [0.5], height: crnnHeight, width: { fixed: 100 } }, { per: 4, plus: 1 }),
  proportional: lineFacts(
    { mean: [0.588], std: [0.193], height: crnnHeight, width: { scale: 4 / 7, least: 8 } },
    { per: 4, plus: 1 },
  ),
};

export const easyocrFacts: RecognizeFacts = lineFacts(
  { mean: [0.5], std: [0.5], height: easyocrHeight, multipleOf: 64, fill: 'edge' },
  { per: 4, plus: -1 },
);
