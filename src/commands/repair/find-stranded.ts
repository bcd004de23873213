import { tellIncidents } from '../../persistence/incident-events.ts';
import { raiseIncident, resolveIncidents } from '../../persistence/incidents.ts';
import { findStranded, longStranded, rememberLook, reopenUnheard, type Stranded } from '../../persistence/stranded.ts';
import type { Transaction } from '../../persistence/transaction.ts';
import type { Deps } from '../unit.ts';

/**
 * How often something has to be seen before it is said: after an outage, or when the clock of a demo is moved, a great deal is due at once, and most of it
 * is done by the next look.
 */
const looks = 3;
/** And for how long, minutes. */
const strandedMinutes = 10;
/** After this time without a word a retry counts as failed, minutes. */
const unheardMinutes = 15;

/**
 * Looks for work that nobody is going to do, and says so: an incident of the kind `stranded` for each, once. What is no longer found has been cured, and its incident is
 * resolved. Incidents that somebody let try again and that were never heard of are open again.
 */
export const findStrandedWork = (deps: Deps): Promise<void> =>
  deps.database.transaction(async (tx) => {
    tx.cause = { actor: 'sweep', commandId: null, traceparent: null, correlationId: null };
    const cured = await rememberLook(tx, await findStranded(tx));
    await resolveIncidents(tx, { ids: cured }, 'sweep');
    const stranded = await longStranded(tx, looks, strandedMinutes);
    for (const each of stranded) await say(tx, each);
    const unheard = await reopenUnheard(tx, unheardMinutes);
    await tellIncidents(tx, 'raised', unheard);
    if (stranded.length + unheard.length > 0)
      deps.logger.warn({ stranded: stranded.length, unheard: unheard.length, cured: cured.length }, 'stranded work');
  });

async function say(tx: Transaction, found: Stranded & { readonly since: Date }): Promise<void> {
  const { key, finding, since, ...incident } = found;
  const id = await raiseIncident(tx, { ...incident, kind: 'stranded', details: { finding, since: since.toISOString() } });
  await tx.execute('update orderflow.stranded set incident_id = $2 where key = $1', [key, id]);
}
