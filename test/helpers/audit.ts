import { runAudit, type AuditOptions } from '../../src/cli/audit/index.ts';
import type { Database } from '../../src/persistence/database.ts';

/** What the audit finds in a database, all checks together; nothing, where all is well. */
export const findingsOf = async ({ database }: { readonly database: Database }, options: AuditOptions = {}) =>
  (await database.read((tx) => runAudit(tx, options))).checks.flatMap(({ findings }) => findings);
