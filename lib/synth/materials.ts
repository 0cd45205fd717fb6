import { contrastingColor, css, lightness, mix, paintColor, type Rgb } from './colors.ts';
import type { Effects } from './effects.ts';
import type { Fill, Material } from './ink.ts';
import { inkTextureNames, inkTextureVariants } from './ink-textures.ts';
import type { Random } from './random.ts';

const black: Rgb = [0, 0, 0];
const white: Rgb = [255, 255, 255];

/** Differences of lightness: of text that is meant to be read, and of the rest, which is hard to. */
const clear = 40;
const faint = 16;
const clearShare = 0.9;

/** Metals, as the light falls on them from above. */
const metals: readonly (readonly Rgb[])[] = [
  [
    [250, 235, 170],
    [200, 150, 50],
    [255, 240, 190],
    [150, 105, 30],
  ],
  [
    [245, 248, 250],
    [150, 158, 165],
    [235, 240, 243],
    [110, 116, 122],
  ],
  [
    [225, 170, 130],
    [150, 85, 50],
    [240, 195, 160],
  ],
];

/**
 * What letters on a ground may be made of.
 * @param behind the ground's mean color
 */
export function materialOf(random: Random, effects: Effects, behind: Rgb): Material {
  const choices = random.fork('effects');
  const isDark = lightness(behind) < 40;
  const isNeon = effects.takes('neon', isDark ? 0.12 : 0, choices);
  const isRaised = effects.takes('bevel', 0.06, choices);
  const isOutlined = effects.takes('outline', 0.13, choices);
  const isShaded = effects.takes('gradient', 0.1, choices);
  const isTextured = effects.takes('texture', 0.08, choices);
  const castsShadow = effects.takes('shadow', 0.13, choices);
  const colors = random.fork('color');
  if (isNeon) return neon(colors);
  const color = contrastingColor(colors, behind, colors.chance(clearShare) ? clear : faint);
  if (isRaised) return raised(random.fork('bevel'), color, behind);
  const fill = fillOf(random.fork('fill'), color, isShaded, isTextured);
  return {
    fill,
    ...(isOutlined ? { outlines: outlinesOf(random.fork('outline'), color) } : {}),
    ...(castsShadow ? shadowOf(random.fork('shadow'), color) : {}),
  };
}

function fillOf(random: Random, color: Rgb, isShaded: boolean, isTextured: boolean): Fill {
  if (isTextured) {
    const texture = {
      name: random.pick(inkTextureNames),
      variant: random.integer(0, inkTextureVariants - 1),
      x: random.between(0, 3),
      y: random.between(0, 3),
    };
    return { color: css(color), texture };
  }
  if (isShaded) {
    const angle = random.chance(0.7) ? Math.PI / 2 : random.between(0, 2 * Math.PI);
    return { colors: shades(random, color).map((shade) => css(shade)), angle };
  }
  // Thin paint lets the ground through.
  return { paint: css(color, random.chance(0.25) ? random.between(0.75, 0.98) : 1) };
}

/** Two to four colors about as light as a given one. */
function shades(random: Random, color: Rgb): readonly Rgb[] {
  const fitting = metals.filter((metal) => Math.abs(lightness(mean(metal)) - lightness(color)) < 15);
  if (fitting.length > 0 && random.chance(0.4)) return random.pick(fitting);
  const toward = random.chance(0.5) ? (lightness(color) > 50 ? white : black) : paintColor(random);
  const other = mix(color, toward, random.between(0.2, 0.5));
  const pair = random.chance(0.5) ? [color, other] : [other, color];
  return random.chance(0.25) ? [...pair, pair[0]!] : pair;
}

function mean(colors: readonly Rgb[]): Rgb {
  return [0, 1, 2].map((i) => colors.reduce((sum, color) => sum + color[i]! / colors.length, 0)) as unknown as Rgb;
}

/** One band or two, the inner of which stands out from the letters. */
function outlinesOf(random: Random, color: Rgb): NonNullable<Material['outlines']> {
  const inner = { color: contrastingColor(random, color, clear), width: random.between(0.02, 0.07) };
  const bands = [inner];
  if (random.chance(0.25)) {
    const outer = contrastingColor(random, inner.color, clear);
    bands.unshift({ color: outer, width: inner.width + random.between(0.025, 0.07) });
  }
  return bands.map((band) => ({ color: css(band.color), width: band.width }));
}

/** A soft shadow, a hard one, or the sides of thick letters. */
function shadowOf(random: Random, color: Rgb): Pick<Material, 'shadow' | 'copies'> {
  const angle = random.chance(0.75) ? random.between(0.4, 2.7) : random.between(0, 2 * Math.PI);
  const reach = random.between(0.02, 0.08);
  const [dx, dy] = [reach * Math.cos(angle), reach * Math.sin(angle)];
  const kind = random.next();
  if (kind < 0.6) {
    return { shadow: { color: css(black, random.between(0.35, 0.9)), dx, dy, blur: random.between(0.01, 0.15) } };
  }
  const shade =
    lightness(color) > 45 ? mix(color, black, random.between(0.5, 1)) : contrastingColor(random, color, clear);
  const depth = kind < 0.85 ? 1 : random.integer(3, 6);
  const copies = Array.from({ length: depth }, (_, i) => {
    const share = (depth - i) / depth;
    return { paint: css(shade), dx: dx * share, dy: dy * share };
  });
  return { copies };
}

/** Letters with a light and a dark edge: painted ones that stand out, or stamped into the ground in its own color. */
function raised(random: Random, color: Rgb, behind: Rgb): Material {
  const isStamped = random.chance(0.35);
  const face = isStamped ? mix(behind, random.chance(0.5) ? white : black, random.between(0.03, 0.12)) : color;
  const ground = isStamped ? behind : color;
  const light = css(mix(ground, white, random.between(0.5, 0.9)));
  const dark = css(mix(ground, black, random.between(0.55, 0.95)));
  const reach = random.between(0.015, 0.035) * (random.chance(0.8) ? 1 : -1);
  const copies = [
    { paint: dark, dx: reach, dy: reach },
    { paint: light, dx: -reach, dy: -reach },
  ];
  return { fill: { paint: css(face) }, copies };
}

/** A bright tube in a colored glow. */
function neon(random: Random): Material {
  let color = paintColor(random);
  // A dark tube does not shine.
  if (lightness(color) < 45) color = mix(color, white, 0.45);
  const tube = mix(color, white, random.between(0.5, 0.95));
  return {
    fill: { paint: css(tube) },
    outlines: [{ color: css(color, random.between(0.6, 1)), width: random.between(0.015, 0.04) }],
    glow: { color: css(color, random.between(0.7, 1)), radius: random.between(0.15, 0.5) },
  };
}
