import { bounds } from '../geometry/quad.ts';
import type { Point, Quad } from '../reading.ts';
import type { Random } from './random.ts';
import { rectangle } from './truth.ts';

/** How a flat thing hangs before a camera; angles in degrees. */
export interface Pose {
  /** In the picture's plane, clockwise. */
  roll: number;
  /** About the vertical axis: the right side goes back. */
  yaw: number;
  /** About the horizontal axis: the upper side goes back. */
  pitch: number;
  /** Of the camera, in diagonals of the thing. */
  distance: number;
}

/** Seen from straight before it. */
export const straight: Pose = { roll: 0, yaw: 0, pitch: 0, distance: 3 };

/** The rectangle (0, 0) … (width, height) as a camera sees it that looks at its middle: about as large, around the origin. */
export function seenRectangle(width: number, height: number, { roll, yaw, pitch, distance }: Pose): Quad {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const [sinRoll, cosRoll] = [Math.sin(radians(roll)), Math.cos(radians(roll))];
  const [sinYaw, cosYaw] = [Math.sin(radians(yaw)), Math.cos(radians(yaw))];
  const [sinPitch, cosPitch] = [Math.sin(radians(pitch)), Math.cos(radians(pitch))];
  const away = distance * Math.hypot(width, height);
  return rectangle(-width / 2, -height / 2, width / 2, height / 2).map(([x, y]): Point => {
    const [turnedX, depth] = [x * cosYaw, x * sinYaw];
    const [turnedY, z] = [y * cosPitch - depth * sinPitch, depth * cosPitch - y * sinPitch];
    const scale = away / (away + z);
    return [scale * (turnedX * cosRoll - turnedY * sinRoll), scale * (turnedX * sinRoll + turnedY * cosRoll)];
  }) as Quad;
}

/** The quad scaled about the origin and moved so that its bounds begin at (left, top). */
export function placeAt(quad: Quad, scale: number, left: number, top: number): Quad {
  const box = bounds(quad);
  return quad.map(([x, y]): Point => [(x - box.left) * scale + left, (y - box.top) * scale + top]) as Quad;
}

/** How signs hang: mostly nearly straight, some (`wild`, 0 … 1) far from it. */
export function poseOf(random: Random, wild = 0.2): Pose {
  const isWild = random.chance(wild);
  return {
    roll: isWild ? random.between(-22, 22) : 3.5 * random.gaussian(),
    yaw: (isWild ? 24 : 12) * random.gaussian(),
    pitch: (isWild ? 18 : 9) * random.gaussian(),
    distance: random.between(1.2, 4),
  };
}
