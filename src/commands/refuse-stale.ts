import { Problem } from '../support/errors.ts';

/**
 * Whoever says which revision they have seen changes nothing that has changed since (`If-Match`, RFC 9110). It is asked under the lock of what is changed.
 * @param what as a sentence names it: "this task", "S-000001" @throws Problem revision-mismatch
 */
export function refuseStale(what: string, revision: number, ifRevision: number | undefined): void {
  if (ifRevision === undefined || ifRevision === revision) return;
  const detail = `You have seen revision ${ifRevision} of ${what}; it is at ${revision}. Read it again.`;
  throw new Problem('revision-mismatch', detail, { revision });
}
