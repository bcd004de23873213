/** Longest text that a regular expression may be tried on: with the limits below the worst case is a square of it. */
export const MAX_SUBJECT = 1000;

const MAX_REPEATS = 2;
const MAX_CHOICES = 6;

/**
 * Why a pattern of matches(), replace() or split() could take more than quadratic time in a backtracking engine, or is none; null when it is
 * harmless. Refused: back-references, look-around, a repeated group that itself repeats or chooses, more than two open repeats (one if the
 * pattern does not begin with `^`), more than six choices (`?`, `|`).
 */
export function regularExpressionFault(pattern: string): string | null {
  try {
    void RegExp(pattern, 'u');
  } catch (error) {
    return `is no regular expression (${error instanceof Error ? error.message : String(error)})`;
  }
  if (/\\[1-9k]/.test(pattern.replaceAll('\\\\', ''))) return 'refers back to a group';
  if (/\(\?[=!<]/.test(pattern)) return 'looks ahead or behind, or names a group';

  const plain = pattern.replace(/\\[pP]\{[^}]*\}|\\u\{[^}]*\}|\\./gu, 'x').replace(/\[[^\]]*\]/gu, 'x');
  let repeats = 0;
  let choices = 0;
  /** For each open group: does it repeat or choose? */
  const groups = [false];
  let closed = false;
  for (const [token] of plain.matchAll(/\(\?:|[()|]|[*+?]\??|\{\d+(?:,\d*)?\}\??|[^]/gu)) {
    const quantifies = /^[*+?{]/.test(token);
    const exact = /^\{\d+\}/.test(token);
    if (token.startsWith('(')) groups.push(false);
    else if (token === ')') closed = groups.pop() ?? false;
    else if (quantifies && closed && !token.startsWith('?')) return 'repeats a group that itself repeats or chooses';
    else if (token === '|' || (quantifies && token.startsWith('?'))) choices++;
    else if (quantifies && !exact) repeats++;
    if (token === '|' || (quantifies && !exact)) groups[groups.length - 1] = true;
    if (token === ')' && closed) groups[groups.length - 1] = true;
    if (token !== ')') closed = false;
  }
  const allowed = pattern.startsWith('^') && !plain.includes('|') ? MAX_REPEATS : MAX_REPEATS - 1;
  if (repeats > allowed)
    return `repeats ${repeats} parts; ${allowed} can be allowed here${allowed < MAX_REPEATS ? ' (one more if it begins with ^)' : ''}`;
  return choices > MAX_CHOICES ? `has ${choices} choices; at most ${MAX_CHOICES} are allowed` : null;
}
