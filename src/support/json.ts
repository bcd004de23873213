/** A JSON value (RFC 8259). */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** A JSON object; process variables, results and payloads have this shape. */
export type JsonObject = { readonly [name: string]: Json };

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Same value, same text: object members sorted by name (after RFC 8785), for hashes and comparisons. Members that are undefined are left out. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (value instanceof Date) return JSON.stringify(value);
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value ?? null);
}

/**
 * Names the first thing in `value` that must not pass the border, or undefined: NUL and lone surrogates (PostgreSQL's jsonb refuses them for
 * ever), names that reach prototypes, numbers that are not finite, more than `maxDepth` levels.
 */
export function jsonBorderFault(value: unknown, maxDepth = 32, pointer = ''): { pointer: string; message: string } | undefined {
  if (maxDepth < 0) return { pointer, message: 'is nested too deeply' };
  if (typeof value === 'string') {
    if (value.includes('\u0000')) return { pointer, message: 'contains the character U+0000' };
    if (!value.isWellFormed()) return { pointer, message: 'contains half of a surrogate pair' };
    return undefined;
  }
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : { pointer, message: 'is not a finite number' };
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, member] of Object.entries(value)) {
    const at = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (name === '__proto__' || name === 'constructor' || name === 'prototype')
      return { pointer: at, message: 'is a reserved name' };
    const fault = jsonBorderFault(name, 0, at) ?? jsonBorderFault(member, maxDepth - 1, at);
    if (fault) return fault;
  }
  return undefined;
}
