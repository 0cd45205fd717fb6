import type { CameraSettings } from '../native.ts';
import type { Effects } from './effects.ts';
import type { Random } from './random.ts';

/** What a camera is pointed at, before its sensor. */
export interface View {
  width: number;
  height: number;
  /** Of the smallest text that has to stay legible, pixels; of ideographs two thirds, as their strokes are closer together. */
  textHeight: number;
  /** Any of them by default, the more common ones more often. */
  shot?: Shot;
}

type Range = readonly [low: number, high: number];

/** How pictures of one kind come out: shares of them that get an effect, and how strong it is. */
interface Habits {
  /** Of all pictures. */
  share: number;
  light: number;
  /** Gain of the picture's darkest corner. */
  falloff: Range;
  /** Red over blue, of the light. */
  warmth: Range;
  contrast: number;
  motion: number;
  defocus: number;
  lowResolution: number;
  noise: number;
  /** Deviations, levels. */
  readNoise: Range;
  shotNoise: Range;
  /** Pixels; a phone smears its noise to hide it. */
  grain: Range;
  sharpen: Range;
}

const shots = {
  daylight: {
    share: 0.44,
    light: 0.4,
    falloff: [0.6, 1],
    warmth: [0.92, 1.12],
    contrast: 0.2,
    motion: 0.1,
    defocus: 0.15,
    lowResolution: 0.4,
    noise: 0.3,
    readNoise: [0.5, 2.5],
    shotNoise: [0.5, 3],
    grain: [0.3, 0.8],
    sharpen: [0.1, 0.9],
  },
  night: {
    share: 0.14,
    light: 0.7,
    falloff: [0.25, 0.9],
    warmth: [0.95, 1.5],
    contrast: 0.35,
    motion: 0.25,
    defocus: 0.2,
    lowResolution: 0.4,
    noise: 0.8,
    readNoise: [2, 7],
    shotNoise: [2, 9],
    grain: [0.5, 1.4],
    sharpen: [0, 0.7],
  },
  lamp: {
    share: 0.14,
    light: 0.9,
    falloff: [0.4, 0.95],
    warmth: [1, 1.35],
    contrast: 0.3,
    motion: 0.1,
    defocus: 0.25,
    lowResolution: 0.3,
    noise: 0.5,
    readNoise: [0.5, 4],
    shotNoise: [1, 5],
    grain: [0.3, 1],
    sharpen: [0, 0.6],
  },
  video: {
    share: 0.14,
    light: 0.2,
    falloff: [0.7, 1],
    warmth: [0.95, 1.1],
    contrast: 0.4,
    motion: 0.3,
    defocus: 0.1,
    lowResolution: 0.9,
    noise: 0.3,
    readNoise: [0.5, 3],
    shotNoise: [0.5, 2],
    grain: [0.5, 1.2],
    sharpen: [0.4, 1.8],
  },
  scan: {
    share: 0.14,
    light: 0.1,
    falloff: [0.85, 1],
    warmth: [0.98, 1.05],
    contrast: 0.2,
    motion: 0,
    defocus: 0.1,
    lowResolution: 0.4,
    noise: 0.2,
    readNoise: [0.5, 2],
    shotNoise: [0, 1],
    grain: [0, 0.5],
    sharpen: [0, 1],
  },
} satisfies Record<string, Habits>;

/** A phone by day or by night, a sheet under a lamp, a frame of compressed video, a scan or a picture made for the web. */
export type Shot = keyof typeof shots;

const shotNames = Object.keys(shots) as Shot[];

/** Text of fewer pixels a line is not legible; of more it looks as if nothing had been done. */
const leastTextHeight = 8;
const mostTextHeight = 30;

/** Deviation of all blurs together, in heights of the text, that leaves it legible. */
const mostBlur = 0.055;

/** Draws how a camera would take a view. The effects `light`, `contrast`, `motion`, `defocus`, `low-resolution` and `noise` are its. */
export function cameraOf(random: Random, effects: Effects, view: View): CameraSettings {
  const habits: Habits = shots[view.shot ?? pickShot(random.fork('shot'))];
  const sensor = sensorOf(random.fork('low-resolution'), effects, view, habits);
  const contrast = contrastOf(random.fork('contrast'), effects, habits);
  return {
    ...lightOf(random.fork('light'), effects, view, habits),
    ...blursOf(random.fork('blur'), effects, view, habits, sensor.height ? view.height / sensor.height : 1),
    ...sensor,
    ...noiseOf(random.fork('noise'), effects, habits, contrast.gain ?? 1),
    ...contrast,
    sharpen: within(random.fork('sharpen'), habits.sharpen),
    seed: random.fork('seed').integer(0, 0xffffffff),
  };
}

function pickShot(random: Random): Shot {
  let rest = random.next();
  for (const name of shotNames) {
    rest -= shots[name].share;
    if (rest < 0) return name;
  }
  return 'daylight';
}

const within = (random: Random, [low, high]: Range): number => random.between(low, high);

/** Of a range whose small values are as common as its large ones. */
const withinEvenly = (random: Random, [low, high]: Range): number => low * (high / low) ** random.next();

type Part<Name extends keyof CameraSettings> = Pick<CameraSettings, Name>;

function lightOf(random: Random, effects: Effects, view: View, habits: Habits): Part<'light' | 'spots'> {
  if (!effects.takes('light', habits.light, random)) return {};
  const red = Math.sqrt(within(random, habits.warmth));
  const color = [red, 1, 1 / red];
  const exposure = random.between(0.85, 1.1);
  const darkest = within(random, habits.falloff);
  // Light from one side: the gains are linear along a direction.
  const angle = random.between(0, 2 * Math.PI);
  const [dx, dy] = [Math.cos(angle), Math.sin(angle)];
  const reach = Math.abs(dx) + Math.abs(dy);
  const corners = [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1],
  ].map(([x, y]) => exposure * (1 + ((darkest - 1) * (1 + (x! * dx + y! * dy) / reach)) / 2));
  return {
    light: Float32Array.from(corners.flatMap((gain) => color.map((factor) => factor * gain))),
    spots: spotsOf(random, view),
  };
}

/** Shadows, and light that a surface throws back, as large as the text or much larger. */
function spotsOf(random: Random, { width, height }: View): Float32Array {
  const spots = Array.from({ length: random.pick([0, 0, 1, 1, 2]) }, () => [
    random.between(-0.1, 1.1) * width,
    random.between(-0.5, 1.5) * height,
    withinEvenly(random, [0.5 * Math.min(width, height), Math.max(width, height)]),
    random.chance(0.6) ? random.between(0.45, 0.9) : random.between(1.1, 1.8),
  ]);
  return Float32Array.from(spots.flat());
}

function contrastOf(random: Random, effects: Effects, habits: Habits): Part<'gain' | 'lift' | 'gamma' | 'saturation'> {
  if (!effects.takes('contrast', habits.contrast, random)) return {};
  const gain = random.chance(0.75) ? random.between(0.3, 0.85) : random.between(1.05, 1.4);
  // Black stays within 0 … 1 - gain, or goes below 0 by what the gain adds.
  const lift = (1 - gain) * random.next();
  return { gain, lift, gamma: withinEvenly(random, [0.65, 1.5]), saturation: random.between(0.4, 1.15) };
}

function sensorOf(random: Random, effects: Effects, view: View, habits: Habits): Part<'width' | 'height'> {
  if (!effects.takes('low-resolution', habits.lowResolution, random)) return {};
  const textHeight = withinEvenly(random, [leastTextHeight, mostTextHeight]);
  if (textHeight >= view.textHeight) return {};
  const scale = textHeight / view.textHeight;
  return { width: Math.max(Math.round(view.width * scale), 1), height: Math.max(Math.round(view.height * scale), 1) };
}

/** @param pixel side of a sensor's pixel in the view */
function blursOf(
  random: Random,
  effects: Effects,
  view: View,
  habits: Habits,
  pixel: number,
): Part<'blur' | 'defocus' | 'motion'> {
  const blur = random.between(0.25, 0.65) * pixel;
  const moves = effects.takes('motion', habits.motion, random.fork('motion'));
  const defocuses = effects.takes('defocus', habits.defocus, random.fork('defocus'));
  const way = moves ? random.between(0.05, 0.22) * view.textHeight : 0;
  const radius = defocuses ? random.between(0.03, 0.12) * view.textHeight : 0;
  // Deviations along one axis: a pixel's and a segment's are their length / √12, a disk's half its radius.
  const own = Math.hypot(blur, pixel / Math.sqrt(12));
  const wanted = Math.hypot(way / Math.sqrt(12), radius / 2);
  const most = Math.sqrt(Math.max((mostBlur * view.textHeight) ** 2 - own ** 2, 0));
  const kept = wanted > most ? most / wanted : 1;
  const angle = random.between(0, 2 * Math.PI);
  return {
    blur,
    ...(moves ? { motion: [kept * way * Math.cos(angle), kept * way * Math.sin(angle)] } : {}),
    ...(defocuses ? { defocus: kept * radius } : {}),
  };
}

/** @param gain what the levels are multiplied by later: what makes a picture pale comes before the sensor, and leaves the noise alone */
function noiseOf(
  random: Random,
  effects: Effects,
  habits: Habits,
  gain: number,
): Part<'readNoise' | 'shotNoise' | 'lumaShare' | 'grain'> {
  if (!effects.takes('noise', habits.noise, random)) return {};
  return {
    readNoise: within(random, habits.readNoise) / gain,
    shotNoise: within(random, habits.shotNoise) / gain,
    lumaShare: random.between(0.5, 1),
    grain: within(random, habits.grain),
  };
}
