/** The value below which `share` (0 ... 100) percent lie, linear between the two nearest; undefined for none. */
export function percentile(values, share) {
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  const position = ((sorted.length - 1) * share) / 100;
  const below = Math.floor(position);
  return sorted[below] + (sorted[Math.min(below + 1, sorted.length - 1)] - sorted[below]) * (position - below);
}

export const median = (values) => percentile(values, 50);

/** The mean; undefined for none. */
export function mean(values) {
  return values.length === 0 ? undefined : values.reduce((total, value) => total + value, 0) / values.length;
}

/** p50, p95 and p99 of some values. */
export function quantiles(values) {
  return { p50: median(values), p95: percentile(values, 95), p99: percentile(values, 99) };
}

/** Milliseconds by round and picture; null for a picture that failed. */
export function millisecondsOf(rounds) {
  return rounds.map((answers) => answers.map(({ ms, error }) => (error ? null : ms)));
}

/**
 * A picture's median over the rounds; null where it failed in one of them.
 * @param {(number | null)[][]} rounds milliseconds by round and picture
 * @returns {(number | null)[]}
 */
export function pictureMedians(rounds) {
  return (rounds[0] ?? []).map((_, i) => {
    const ofPicture = rounds.map((milliseconds) => milliseconds[i]);
    return ofPicture.some((ms) => ms === null) ? null : median(ofPicture);
  });
}

/**
 * What a contender takes for pictures over what another takes for them: the ratio of the summed medians a picture, over the
 * pictures that both read. `least` and `most` are that ratio with single rounds in place of the medians, each of the one
 * against each of the other: how far chance alone moves it.
 * @param {(number | null)[][][]} sets of the one: milliseconds by set, round and picture
 * @param {(number | null)[][][]} otherSets of the other: the same sets
 * @returns {{ ratio: number, least: number, most: number, milliseconds: number, otherMilliseconds: number,
 *   pictures: number } | undefined} milliseconds are the sums; undefined where no picture was read by both
 */
export function timeRatio(sets, otherSets) {
  const [medians, otherMedians] = [sets, otherSets].map((all) => all.flatMap(pictureMedians));
  const both = medians.map((_, i) => i).filter((i) => medians[i] !== null && otherMedians[i] !== null);
  if (both.length === 0) return undefined;
  const sum = (values) => both.reduce((total, i) => total + values[i], 0);
  const [milliseconds, otherMilliseconds] = [sum(medians), sum(otherMedians)];
  const single = roundsAcross(sets).flatMap((own) => roundsAcross(otherSets).map((other) => sum(own) / sum(other)));
  return {
    ratio: milliseconds / otherMilliseconds,
    least: Math.min(...single),
    most: Math.max(...single),
    milliseconds,
    otherMilliseconds,
    pictures: both.length,
  };
}

/** Pictures that failed in any round, and those that were not read alike in all rounds. */
export function troubles(rounds) {
  const pictures = (rounds[0] ?? []).map((_, i) => rounds.map((answers) => answers[i]));
  const reading = ({ lines }) => JSON.stringify(lines);
  return {
    failed: pictures.filter((answers) => answers.some(({ error }) => error)).length,
    unstable: pictures.filter((answers) => new Set(answers.map(reading)).size > 1).length,
  };
}

/** One round after the other, each over all sets. */
function roundsAcross(sets) {
  const rounds = Math.min(...sets.map(({ length }) => length));
  return Array.from({ length: rounds }, (_, round) => sets.flatMap((ofSet) => ofSet[round]));
}
