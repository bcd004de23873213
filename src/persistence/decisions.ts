import type { Json, JsonObject } from '../support/json.ts';
import type { Transaction } from './transaction.ts';
import type { Moment } from './waits.ts';

export interface NewDecisionRecord {
  readonly id: string;
  readonly elementId: string;
  readonly decisionId: string;
  readonly inputs: JsonObject;
  readonly outcome: Json;
  readonly matchedRules: readonly number[];
}

/** Keeps what decisions were asked and answered: the material of every explanation. */
export async function recordDecisions(
  tx: Transaction,
  moment: Moment,
  deploymentId: string,
  records: readonly NewDecisionRecord[],
): Promise<void> {
  for (const record of records) {
    await tx.execute(
      `insert into orderflow.decision_record (id, instance_id, instance_revision, element_id, decision_id, deployment_id, inputs, outcome,
         matched_rules, at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        record.id,
        moment.instanceId,
        moment.revision,
        record.elementId,
        record.decisionId,
        deploymentId,
        JSON.stringify(record.inputs),
        JSON.stringify(record.outcome),
        record.matchedRules,
        moment.at,
      ],
    );
  }
}
