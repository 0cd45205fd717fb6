import { resolveModelsFolder } from '../lib/models/folder.ts';
import { installedState, libraryOf, platformProblem } from '../lib/providers/installed.ts';
import { openvino } from '../lib/providers/openvino.ts';

/**
 * Whether OpenVINO was added to the models folder (PLACARD_MODELS or the default one); .ci/openvino adds it. Tests that need it
 * are skipped elsewhere.
 */
export const hasOpenvino =
  platformProblem(openvino) === undefined && (await installedState(openvino, resolveModelsFolder())) === 'whole';

export const openvinoLibrary = libraryOf(openvino, resolveModelsFolder());
