import { ImpossibleState } from '../support/errors.ts';
import type { JsonObject } from '../support/json.ts';
import type { Answer } from './unit.ts';

/** The answer of a command that made or changed something with a revision; its entity tag is that revision. */
export function revised(status: 200 | 201, body: JsonObject, location?: string): Answer {
  const revision = body['revision'];
  if (typeof revision !== 'number') throw new ImpossibleState('the body has no revision');
  return { status, body, headers: { ETag: `"${revision}"`, ...(location !== undefined && { Location: location }) } };
}
