import { readCheckpoint } from '../../checkpoints/checkpoint.ts';
import { type Model, writeModel } from '../../onnx/model-file.ts';
import type { Architecture } from '../contract.ts';
import { craft } from './craft.ts';
import { crnn } from './crnn.ts';
import { easyocrCrnn } from './crnn-easyocr.ts';
import { refinedCraft } from './link-refiner.ts';
import { Parameters } from './parameters.ts';

/** A checkpoint written as a network: always the same bytes for the same checkpoint. */
export interface Converted {
  network: Uint8Array<ArrayBuffer>;
  /** Of a recognizer, with the blank. */
  classes?: number;
}

/**
 * Writes a checkpoint as an ONNX file. Throws CHECKPOINT_INVALID or CHECKPOINT_UNSAFE where it cannot be read, and
 * CHECKPOINT_MISMATCH where it is of another architecture.
 * @param name of the checkpoint's file, for messages
 * @param detector what a refiner is joined to
 */
export function convert(architecture: Architecture, bytes: Uint8Array, name: string, detector?: Model): Converted {
  const parameters = new Parameters(readCheckpoint(bytes, name), name);
  switch (architecture) {
    case 'craft':
      return { network: writeModel(craft(parameters)) };
    case 'craft-refiner':
      return { network: writeModel(refinedCraft(parameters, detector!)) };
    default: {
      const { model, classes } = architecture === 'crnn' ? crnn(parameters) : easyocrCrnn(parameters);
      return { network: writeModel(model), classes };
    }
  }
}
