// The weighted matrix and what flips it, computed as the server computes it (assistant/courses/comparing.py and
// sensitivity.py; both are held to tests/assistant/courses/matrix-vectors.json). Knows nothing of pages.

const TIED = 1e-9;
// Of the Dirichlet distribution around the set weights, as on the server.
const CONCENTRATION = 20;

/** Weigh scores (courses x criteria, 0 to 1, null: unknown) by weights of 0 or more; all 0 count alike. */
export function weigh({ courses, criteria, scores, set_weights }) {
  const whole = set_weights.reduce((sum, weight) => sum + weight, 0);
  const weights = set_weights.map((weight) => (whole > 0 ? weight / whole : 1 / set_weights.length));
  const totals = scores.map((row) => {
    const low = row.reduce((sum, score, at) => sum + weights[at] * (score ?? 0), 0);
    const open = row.reduce((sum, score, at) => sum + (score === null ? weights[at] : 0), 0);
    return { low, high: low + open };
  });
  const matrix = { courses, criteria, scores, set_weights, weights, totals, ranking: [] };
  matrix.ranking = ranked(courses, totals.map(middle));
  return matrix;
}

/** The value by which a course is ranked: the middle of what it can be. */
export const middle = (total) => (total.low + total.high) / 2;

function ranked(courses, totals) {
  const order = courses.map((_, at) => at).sort((one, other) => totals[other] - totals[one] || one - other);
  const groups = [];
  let before = null;
  for (const at of order) {
    if (before !== null && before - totals[at] <= TIED) groups.at(-1).push(at);
    else groups.push([at]);
    before = totals[at];
  }
  return groups.map((group) => group.sort((one, other) => one - other).map((at) => courses[at]));
}

/** For each criterion the nearest weight, the others as set, at which another course comes first. */
export function flips(matrix) {
  return matrix.criteria.map((criterion, at) => flip(matrix, criterion, at));
}

function flip(matrix, criterion, at) {
  const { courses, scores, totals, weights, set_weights, ranking } = matrix;
  const whole = set_weights.reduce((sum, weight) => sum + weight, 0) || weights.length;
  const weight = weights[at];
  const score = (id) => scores[courses.indexOf(id)][at] ?? 0.5;
  const first = ranking[0] ?? [];
  const [leader, ...tied] = first;
  const differing = new Set(first.map((id) => score(id).toFixed(9)));
  if (tied.length && differing.size > 1) return { criterion, weight: weight * whole, share: weight, to: tied };
  const crossings = [];
  for (const id of courses) {
    if (first.includes(id)) continue;
    const slope = score(leader) - score(id);
    if (Math.abs(slope) <= TIED) continue;
    const ahead = middle(totals[courses.indexOf(leader)]) - middle(totals[courses.indexOf(id)]);
    const crossing = weight - ahead / slope;
    if (crossing > TIED) crossings.push([crossing, id]);
  }
  if (!crossings.length) return { criterion, weight: null, share: null, to: [] };
  const far = ([crossing]) => Math.abs(crossing - weight);
  const [nearest] = crossings.reduce((best, one) =>
    far(one) < far(best) || (far(one) === far(best) && one[0] < best[0]) ? one : best,
  );
  const to = crossings.filter(([crossing]) => Math.abs(crossing - nearest) <= TIED).map(([, id]) => id);
  return { criterion, weight: nearest * whole, share: nearest / (nearest + 1 - weight), to };
}

/** The share of samples in which each course comes first, drawn here until the server's answer is there. */
export function firstShares(matrix, { samples = 1500, random = Math.random } = {}) {
  const around = sampled(matrix, matrix.weights.map((weight) => weight * CONCENTRATION), samples, random);
  const uniform = sampled(matrix, matrix.weights.map((weight) => (weight > 0 ? 1 : 0)), samples, random);
  return matrix.courses.map((course, at) => ({ course, around: around[at], uniform: uniform[at] }));
}

function sampled({ courses, scores }, concentration, samples, random) {
  const shares = courses.map(() => 0);
  for (let sample = 0; sample < samples; sample++) {
    const drawn = concentration.map((shape) => (shape > 0 ? gamma(shape, random) : 0));
    const totals = scores.map((row) => row.reduce((sum, score, at) => sum + drawn[at] * (score ?? random()), 0));
    const most = Math.max(...totals) - TIED;
    const first = totals.flatMap((total, at) => (total >= most ? [at] : []));
    for (const at of first) shares[at] += 1 / first.length / samples;
  }
  return shares;
}

/** Marsaglia & Tsang 2000, ACM TOMS 26:363; below shape 1 by their boost. */
function gamma(shape, random) {
  if (shape < 1) return gamma(shape + 1, random) * (1 - random()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random()) < (x * x) / 2 + d - d * v + d * Math.log(v)) return d * v;
  }
}
