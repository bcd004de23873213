import { FeelFault } from './evaluation-failed.ts';

/**
 * The candidate that `name` most probably meant, or undefined when none is near: at most a third of the letters differ, or `name` is nearly how
 * a longer candidate begins (`sale.totl` for `sale.totalMinor`).
 */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase();
  let nearest: string | undefined;
  let least = Math.max(2, Math.ceil(name.length / 3)) + 1;
  for (const candidate of candidates) {
    const found = candidate.toLowerCase();
    const begins = name.length > 2 ? editDistance(wanted, found.slice(0, name.length + 1), least) + 1 : least;
    const distance = Math.min(editDistance(wanted, found, least), begins);
    if (distance < least) [nearest, least] = [candidate, distance];
  }
  return nearest;
}

/** Levenshtein distance of two texts, or `enough` as soon as it cannot be less. */
function editDistance(a: string, b: string, enough: number): number {
  if (Math.abs(a.length - b.length) >= enough) return enough;
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const substituted = previous[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(substituted, previous[column]! + 1, current[column - 1]! + 1));
    }
    previous = current;
  }
  return previous[b.length]!;
}

/**
 * Says that `path` does not exist.
 * @param siblings the names that exist where its last name was looked for
 * @param parent the path of the object that was looked in, absent for the variables themselves
 */
export function missingName(path: string, siblings: Iterable<string>, parent?: string): never {
  const prefix = parent === undefined ? '' : `${parent}.`;
  const names = [...siblings];
  const nearest = nearestName(path.slice(prefix.length), names);
  const known = names.length > 0 ? `known here: ${names.slice(0, 10).join(', ')}; ` : '';
  const suggestion = nearest === undefined ? known : `the nearest name is "${prefix}${nearest}"; `;
  throw new FeelFault(
    `names "${path}", which does not exist: ${suggestion}correct the name, or declare it in the process's variables with null or a default`,
  );
}
