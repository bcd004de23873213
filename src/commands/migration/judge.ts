import { MappingRefused, migrateStanding, planMigration } from '../../engine/migration/index.ts';
import { StateFormatUnknown } from '../../engine/index.ts';
import type { ElementMapping, MigratedStanding, MigrationPlan, Obstacle } from '../../engine/migration/index.ts';
import { openWaitRows } from '../../persistence/instance-migrations.ts';
import type { Transaction } from '../../persistence/transaction.ts';
import { createOracle, initialVariables } from '../../rules/index.ts';
import { Problem } from '../../support/errors.ts';
import type { JsonObject } from '../../support/json.ts';
import type { Definition } from '../definitions.ts';
import type { LockedInstance } from '../instance.ts';
import type { Deps } from '../unit.ts';

/** Where instances are to go, and how. */
export interface MigrationWish {
  readonly target: Definition;
  readonly mapping: ElementMapping;
  /** `anew`: due dates of timers that go on are computed by the target. */
  readonly dueDates: 'keep' | 'anew';
}

/** What would become of an instance, or why nothing does. */
export type Judgement =
  | {
      readonly verdict: 'migrates';
      readonly sentence: string;
      readonly obstacles: readonly [];
      readonly migrated: MigratedStanding;
      /** With those that only the target declares, at their defaults. */
      readonly variables: JsonObject;
      readonly from: Definition;
    }
  | { readonly verdict: 'refused' | 'ended' | 'there'; readonly sentence: string; readonly obstacles: readonly Obstacle[] };

/** Plans by the version that instances come from; one set serves all instances of a wish. */
export type Plans = (from: Definition) => MigrationPlan;

/**
 * `shared`: the mapping is for instances of several versions, and each takes of it what it has.
 * @throws Problem validation-failed (the answer, when it is asked) when the mapping names an element that a version does not have
 */
export function plansFor({ target, mapping }: Pick<MigrationWish, 'target' | 'mapping'>, { shared = false } = {}): Plans {
  const plans = new Map<string, MigrationPlan>();
  return (from) => {
    const mine = Object.entries(mapping).filter(([id]) => !shared || from.process.elements.has(id));
    const plan = plans.get(from.id) ?? planOrRefuse(from, target, Object.fromEntries(mine));
    plans.set(from.id, plan);
    return plan;
  };
}

function planOrRefuse(from: Definition, target: Definition, mapping: ElementMapping): MigrationPlan {
  try {
    return planMigration(from.process, target.process, mapping);
  } catch (error) {
    if (!(error instanceof MappingRefused)) throw error;
    throw mappingRefused(error.errors, `The mapping does not fit version ${from.version} and version ${target.version}`);
  }
}

/** A mapping that names what is not there, with a pointer to each of its members. */
export function mappingRefused(errors: readonly { readonly from: string; readonly message: string }[], what: string): Problem {
  const told = errors.map(({ from, message }) => ({
    pointer: `/mapping/${from.replaceAll('~', '~0').replaceAll('/', '~1')}`,
    message,
  }));
  return new Problem('validation-failed', `${what}: ${errors[0]?.message ?? ''}`, { errors: told });
}

/**
 * Judges one locked instance on its real state, and works out what it would be in the target. Writes nothing.
 * @throws Problem validation-failed as `plansFor`
 */
export async function judge(
  tx: Transaction,
  deps: Deps,
  instance: LockedInstance,
  wish: MigrationWish,
  plans: Plans,
): Promise<Judgement> {
  const { target } = wish;
  const name = `version ${target.version}`;
  if (instance.status !== 'running' || instance.state === null)
    return { verdict: 'ended', sentence: `It is ${instance.status}; nothing of it runs any more.`, obstacles: [] };
  if (instance.processDefinitionId === target.id)
    return { verdict: 'there', sentence: `It is on ${name} already.`, obstacles: [] };
  const from = await deps.definitions.byId(tx, instance.processDefinitionId);
  const defaults = initialVariables(target.variables);
  const added = Object.keys(defaults).filter((variable) => !Object.hasOwn(instance.variables, variable));
  const variables = { ...defaults, ...instance.variables };
  const now = await tx.now();
  try {
    const openedAt =
      wish.dueDates === 'anew'
        ? new Map((await openWaitRows(tx, instance.id)).map((row) => [row.slot, row.opened_at]))
        : undefined;
    const verdict = await migrateStanding(
      plans(from),
      { state: instance.state, variables, locals: instance.locals },
      createOracle({ decisions: target.decisions, now }),
      now,
      { targetName: name, dueDates: wish.dueDates, ...(openedAt && { openedAt }) },
    );
    if (verdict.verdict === 'refused') return verdict;
    const news = added.length === 0 ? '' : ` It gets the variables ${added.join(', ')}.`;
    return { ...verdict, sentence: `${verdict.sentence}${news}`, obstacles: [], variables, from };
  } catch (error) {
    if (!(error instanceof StateFormatUnknown)) throw error;
    const obstacle: Obstacle = { rule: 'cannot-be-restored', elementId: null, message: error.message };
    return { verdict: 'refused', sentence: `Not to ${name}: ${error.message}`, obstacles: [obstacle] };
  }
}
