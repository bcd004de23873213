import { messageOf } from '../../support/errors.ts';
import { Answers } from '../answers.ts';
import { StepFailed } from '../errors.ts';
import { formatState, parseState, type ArmedStart } from '../marking.ts';
import type { ElementModel } from '../model.ts';
import type { Locals, Oracle, Standing, Wait } from '../types.ts';
import { goesOn, keepWait, openWait } from './describe.ts';
import { withKnown } from './known.ts';
import { rehearse } from './rehearse.ts';
import { moveScope } from './scope.ts';
import { sentenceFor, sentenceOfRefusal } from './sentence.ts';
import type { ElementMapping, KeptWait, MigratedStanding, MigrationPlan, Obstacle, Verdict } from './types.ts';
import type { ScopeMove } from './walk.ts';
import { label } from './words.ts';

export interface MigrationOptions {
  /** The version that instances go to, as a person calls it: `version 4`. */
  readonly targetName: string;
  /** `anew`: the due dates of timers that go on are computed by the new version, from when each began to wait. They keep them when left out. */
  readonly dueDates?: 'keep' | 'anew';
  /** When each wait began, by its slot; for `dueDates: 'anew'`. */
  readonly openedAt?: ReadonlyMap<string, Date>;
}

/**
 * What would become of one instance in another version of its process: its state there, what it waits for then, or why it cannot go. It is rehearsed: the engine
 * puts the tokens back in the new version and has to wait for exactly what is expected, without moving any. Pure, as `advance`; nothing has happened afterwards.
 * `standing` has the variables that the instance will have there. @throws StateFormatUnknown when the state does not fit the version that it comes from
 */
export async function migrateStanding(
  plan: MigrationPlan,
  standing: Standing,
  oracle: Oracle,
  now: Date,
  options: MigrationOptions,
): Promise<Verdict> {
  const { targetName } = options;
  const [source, target] = [plan.from.program.model, plan.to.program.model];
  const obstacles: Obstacle[] = [];
  const refused = (): Verdict => ({ verdict: 'refused', sentence: sentenceOfRefusal(obstacles, targetName), obstacles });
  const walk: ScopeMove = {
    plan,
    source,
    target,
    targetName,
    obstacles,
    moved: [],
    waits: [],
    dropped: [],
    arming: [],
    sourceScope: source.id,
    targetScope: target.id,
  };
  const moved = moveScope(walk, parseState(standing.state, source), { from: '', to: '' });
  if (obstacles.length > 0) return refused();

  const answers = new Answers(plan.to.program, oracle, standing.variables, moveLocals(standing.locals ?? {}, plan.mapping));
  const asking = <T>(element: ElementModel, ask: () => T): T | undefined => {
    try {
      return ask();
    } catch (error) {
      obstacles.push(expressionFailed(element, error, targetName));
      return undefined;
    }
  };
  const kept = walk.waits
    .filter(goesOn)
    .map((wait) =>
      asking(wait.target, () =>
        keepWait(answers, wait, now, options.dueDates === 'anew' ? (options.openedAt?.get(wait.from) ?? now) : undefined),
      ),
    );
  const ending = walk.waits.filter((wait) => !goesOn(wait));
  for (const { to } of ending) answers.variables.drop(to);
  const beginning = [...ending.map(({ target: element, to, index }) => ({ element, slot: to, index })), ...walk.arming];
  const opened = beginning.map(({ element, slot, index }) => asking(element, () => openWait(answers, element, slot, index, now)));
  if (obstacles.length > 0) return refused();

  const waits = { kept: kept as readonly KeptWait[], opened: opened as readonly Wait[] };
  const migrated: MigratedStanding = {
    state: formatState(target.id, withKnown(moved, new Map(waits.opened.map((wait) => [wait.slot, knownOf(wait)])))),
    locals: answers.variables.locals,
    ...waits,
    closed: [...walk.dropped, ...ending.map(({ from }) => from)].sort(),
    moved: walk.moved,
    asked: answers.asking.asked,
  };
  const expected = [...waits.kept.map((wait) => wait.to.slot), ...waits.opened.map((wait) => wait.slot)];
  const there = { state: migrated.state, variables: answers.variables.root, locals: migrated.locals };
  const failure = await rehearse(plan.to, there, expected, oracle, now, targetName);
  if (failure) obstacles.push(failure);
  return failure ? refused() : { verdict: 'migrates', sentence: sentenceFor(plan, migrated, targetName), migrated };
}

/** What a token remembers of a timer that fires again. */
const knownOf = ({ timer }: Wait): ArmedStart => (timer?.repeat === undefined ? {} : { left: timer.repeat });

const expressionFailed = (element: ElementModel, error: unknown, targetName: string): Obstacle => ({
  rule: 'expression-failed',
  elementId: error instanceof StepFailed ? error.elementId : element.id,
  message: `What ${label(element)} waits for in ${targetName} cannot be found out: ${messageOf(error)}. Mend the variables, or the diagram.`,
});

/** Local variables go with their scopes, whose slots are made of the ids of elements: `box[2]/task`, and `box#` for the list of a loop. */
const moveLocals = (locals: Locals, mapping: ElementMapping): Locals =>
  Object.fromEntries(
    Object.entries(locals).map(([slot, variables]) => [
      slot
        .split('/')
        .map((part) => part.replace(/^[^[#]+/, (id) => mapping[id] ?? id))
        .join('/'),
      variables,
    ]),
  );
