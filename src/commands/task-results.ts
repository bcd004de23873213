import { fulfilmentLines } from '../persistence/fulfilments.ts';
import { returnLines } from '../persistence/returns.ts';
import { ImpossibleState, Problem } from '../support/errors.ts';
import type { JsonObject } from '../support/json.ts';
import type { LockedInstance } from './instance.ts';
import type { Unit } from './unit.ts';

/** Turns what a form says of an order's lines into rows, and into the facts that the diagram asks about. @throws Problem validation-failed */
type TaskResult = (unit: Unit, orderId: string, variables: JsonObject) => Promise<JsonObject>;

/** Forms that speak of lines. What they say has been checked against their schemas; their `lines` are no process variables. */
const results: Readonly<Record<string, TaskResult>> = { pick: recordPicks, inspection: recordInspection };

/** What completing a task gives to its process. @throws Problem validation-failed naming each line that does not fit */
export async function taskResult(
  unit: Unit,
  instance: LockedInstance,
  formId: string | null,
  variables: JsonObject,
): Promise<JsonObject> {
  const result = formId !== null && Object.hasOwn(results, formId) ? results[formId] : undefined;
  if (!result) return variables;
  if (!instance.subject) throw new ImpossibleState(`the form ${formId} belongs to an order, ${instance.businessKey} is none`);
  return result(unit, instance.subject.id, variables);
}

/** What the picker found; a line that is not named is complete. */
async function recordPicks({ tx }: Unit, fulfilmentId: string, variables: JsonObject): Promise<JsonObject> {
  const given = (variables['lines'] ?? []) as unknown as readonly { readonly lineNo: number; readonly picked: number }[];
  const lines = await fulfilmentLines(tx, fulfilmentId);
  const picked = new Map(lines.map((line) => [line.lineNo, line.quantity]));
  refuse(given, (each) => {
    const line = lines.find(({ lineNo }) => lineNo === each.lineNo);
    if (!line)
      return ['lineNo', `the shipment has no line ${each.lineNo}; it has ${lines.map(({ lineNo }) => lineNo).join(', ')}`];
    return each.picked > line.quantity ? ['picked', `of line ${each.lineNo} there are ${line.quantity} to pick`] : undefined;
  });
  for (const each of given) picked.set(each.lineNo, each.picked);
  for (const line of lines) {
    await tx.execute('update orderflow.fulfilment_line set picked = $2 where id = $1', [line.id, picked.get(line.lineNo)]);
  }
  const pickedQty = [...picked.values()].reduce((sum, quantity) => sum + quantity, 0);
  const wanted = lines.reduce((sum, line) => sum + line.quantity, 0);
  return { pick: { pickedQty, shortQty: wanted - pickedQty } };
}

/** What came back in which condition; every line has to be named, so that nothing is forgotten. */
async function recordInspection({ tx }: Unit, returnId: string, variables: JsonObject): Promise<JsonObject> {
  const given = variables['lines'] as unknown as readonly {
    readonly lineNo: number;
    readonly accepted: number;
    readonly good: number;
  }[];
  const lines = await returnLines(tx, returnId);
  refuse(given, (each) => {
    const line = lines.find(({ lineNo }) => lineNo === each.lineNo);
    if (!line) return ['lineNo', `the return has no line ${each.lineNo}; it has ${lines.map(({ lineNo }) => lineNo).join(', ')}`];
    if (each.accepted > line.requested) return ['accepted', `of line ${each.lineNo} ${line.requested} were to come back`];
    return each.good > each.accepted ? ['good', 'only what is accepted can be good'] : undefined;
  });
  const forgotten = lines.filter((line) => !given.some((each) => each.lineNo === line.lineNo));
  if (forgotten.length > 0) {
    const message = `line ${forgotten.map((line) => line.lineNo).join(', ')} of the return is not named`;
    throw new Problem('validation-failed', `The result does not fit the return.`, {
      errors: [{ pointer: '/variables/lines', message }],
    });
  }
  for (const { lineNo, accepted, good } of given) {
    const line = lines.find((each) => each.lineNo === lineNo);
    if (line)
      await tx.execute('update orderflow.return_line set accepted = $2, good = $3 where id = $1', [line.id, accepted, good]);
  }
  return {};
}

/** @throws Problem validation-failed for lines that do not fit, or are named twice */
function refuse<Line extends { readonly lineNo: number }>(
  given: readonly Line[],
  fault: (line: Line) => readonly [member: string, message: string] | undefined,
): void {
  const errors = given.flatMap((line, index) => {
    const isTwice = given.findIndex(({ lineNo }) => lineNo === line.lineNo) !== index;
    const [member, message] = isTwice ? ['lineNo', `line ${line.lineNo} is named twice`] : (fault(line) ?? []);
    return member === undefined || message === undefined ? [] : [{ pointer: `/variables/lines/${index}/${member}`, message }];
  });
  if (errors.length > 0) throw new Problem('validation-failed', 'The lines do not fit the order.', { errors });
}
