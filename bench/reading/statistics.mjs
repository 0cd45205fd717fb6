/** The value below which `share` (0 ... 100) percent lie, linear between the two nearest; undefined for none. */
export function percentile(values, share) {
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  const position = ((sorted.length - 1) * share) / 100;
  const below = Math.floor(position);
  return sorted[below] + (sorted[Math.min(below + 1, sorted.length - 1)] - sorted[below]) * (position - below);
}

/**
 * Times of a contender's answers; pictures that failed are left out.
 * @param {object[][]} rounds answers by round and picture
 */
export function timesOf(rounds) {
  const p50 = (answers) => percentile(millisecondsOf(answers), 50);
  return { p50: p50(rounds.flat()), p95: percentile(millisecondsOf(rounds.flat()), 95), p50ByRound: rounds.map(p50) };
}

/**
 * How much longer a contender takes than a reference, by p50, round by round, over the pictures that both read in that round;
 * undefined where there are none.
 */
export function slowness(rounds, referenceRounds) {
  const byRound = rounds.flatMap((answers, round) => {
    const both = answers.map((_, i) => i).filter((i) => !answers[i].error && !referenceRounds[round][i].error);
    if (both.length === 0) return [];
    const p50 = (all) =>
      percentile(
        both.map((i) => all[i].ms),
        50,
      );
    return [p50(answers) / p50(referenceRounds[round])];
  });
  if (byRound.length === 0) return undefined;
  return { median: percentile(byRound, 50), least: Math.min(...byRound), most: Math.max(...byRound) };
}

/** Pictures that failed in any round, and those that were not read alike in all rounds. */
export function troubles(rounds) {
  const pictures = rounds[0].map((_, i) => rounds.map((answers) => answers[i]));
  const reading = ({ lines }) => JSON.stringify(lines);
  return {
    failed: pictures.filter((answers) => answers.some(({ error }) => error)).length,
    unstable: pictures.filter((answers) => new Set(answers.map(reading)).size > 1).length,
  };
}

function millisecondsOf(answers) {
  return answers.filter(({ error }) => !error).map(({ ms }) => ms);
}
