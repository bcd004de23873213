import type { z } from 'zod';
import { Problem, type FieldError } from '../support/errors.ts';

/** A part of the address as its schema gives it. @throws Problem malformed-request */
export function readParameters<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  part: 'path' | 'query',
): z.output<Schema> {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  const errors = fieldErrors(result.error.issues);
  throw new Problem('malformed-request', `The ${part} cannot be used: ${tell(errors)}.`, { errors });
}

/** The body as its schema gives it, defaults filled in. @throws Problem validation-failed with every place that does not fit */
export function readBody<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  const errors = fieldErrors(result.error.issues);
  throw new Problem('validation-failed', `The body does not fit: ${tell(errors)}.`, { errors });
}

type Issue = z.core.$ZodIssue;

function fieldErrors(issues: readonly Issue[], at: readonly PropertyKey[] = []): FieldError[] {
  return issues.flatMap((issue): FieldError[] => {
    const path = [...at, ...issue.path];
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ pointer: pointerOf([...path, key]), message: 'is not known here' }));
    }
    if (issue.code === 'invalid_union') {
      // the branch that got furthest is the one that was meant
      const deepest = issue.errors.find((branch) =>
        branch.some((inner) => inner.path.length > 0 || inner.code === 'unrecognized_keys'),
      );
      if (deepest) return fieldErrors(deepest, path);
    }
    return [{ pointer: pointerOf(path), message: messageOf(issue) }];
  });
}

function messageOf(issue: Issue): string {
  if ('input' in issue && issue.input === undefined) return 'is required';
  if (issue.code === 'custom') return issue.message;
  if (issue.code === 'invalid_union') return 'has none of the forms that are allowed here';
  return issue.message.replace(/^(Invalid input|Invalid option|Invalid string): /, '');
}

/** RFC 6901. */
const pointerOf = (path: readonly PropertyKey[]): string =>
  path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

function tell([first, ...more]: readonly FieldError[]): string {
  if (!first) return 'it does not fit its schema';
  const others = more.length === 0 ? '' : ` (and ${more.length} more)`;
  return `${first.pointer || 'it'} ${first.message}${others}`;
}
