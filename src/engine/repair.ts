/** What an operator may do to the tokens of an instance that went a wrong way. Each is a step like any other: it settles, or it fails and nothing has happened. */
import { StepFailed } from './errors.ts';
import type { Run } from './marking.ts';
import type { ElementModel } from './model.ts';
import { scopesWithin, type OpenWait, type ScopeNode } from './scope-tree.ts';
import type { Step } from './step.ts';

/** Takes the token of a wait away. Throws StepFailed when nothing would be left. */
export async function drop(step: Step, wait: OpenWait): Promise<void> {
  const left = takeAway(wait, undefined);
  if (step.root.hasEnded) throw new StepFailed(wait.run.elementId, 'no token would be left; cancel the instance instead');
  await goOn(left);
}

/** Puts a token before an element, in the place of the one that waits at `from`. Throws StepFailed when that makes no sense. */
export async function move(step: Step, from: OpenWait | undefined, to: string): Promise<void> {
  const target = step.answers.program.model.elements.get(to);
  if (!target) throw new StepFailed(null, `the process has no element ${to}`);
  refuseTarget(target);
  const { scope, entered } = placeFor(step, from?.scope, target);
  const left = from && takeAway(from, scope);
  await put(scope, (entered[0] ?? target).id);
  let around = scope;
  for (const [index, element] of entered.entries()) {
    const [hostId, run] = around.hosts().find(([, { elementId }]) => elementId === element.id) as readonly [string, Run];
    around = await step.openScope(around, run, { startAt: (entered[index + 1] ?? target).id, hostId });
  }
  if (left && left !== scope) await goOn(left);
}

async function put(scope: ScopeNode, elementId: string): Promise<void> {
  if (scope.isEmpty) await scope.startAgain(elementId);
  else await (await scope.awaken([elementId])).enter(elementId);
}

/** A scope has lost a token: the one that waited behind it begins, and joins that waited for it are looked at again. */
async function goOn(scope: ScopeNode): Promise<void> {
  const next = scope.takeHeld();
  if (next !== undefined) await put(scope, next);
  else if (!scope.isEmpty) await scope.awaken();
}

function refuseTarget({ id, type, attachedTo, isEventSubProcess }: ElementModel): void {
  if (attachedTo !== undefined || type === 'bpmn:StartEvent' || isEventSubProcess)
    throw new StepFailed(id, 'a token comes here only when the event happens; move it to what comes behind');
}

/** The scope that runs and is nearest to the target, and the sub-processes between them that have to be entered, outermost first. */
function placeFor(step: Step, from: ScopeNode | undefined, target: ElementModel): { scope: ScopeNode; entered: ElementModel[] } {
  const { model } = step.answers.program;
  const entered: ElementModel[] = [];
  for (let id = target.scope; ;) {
    const running = [...scopesWithin(step.root)].filter(({ program }) => program.id === id);
    const scope = running.find((each) => isAround(each, from)) ?? (running.length === 1 ? running[0] : undefined);
    if (scope) return { scope, entered };
    const host = model.elements.get(id);
    if (running.length > 1 || !host || host.loop || host.isEventSubProcess)
      throw new StepFailed(target.id, `${id} runs several times or is started by an event; move a token that is inside of it`);
    entered.unshift(host);
    id = host.scope;
  }
}

const isAround = (scope: ScopeNode, inner: ScopeNode | undefined): boolean => {
  for (let at = inner ?? null; at; at = at.parent) if (at === scope) return true;
  return false;
};

/**
 * Takes a token away, and the sub-processes that have nothing left in them; `kept` is about to get another one. Answers the scope that is
 * still there.
 */
function takeAway({ scope, run, executionId }: OpenWait, kept: ScopeNode | undefined): ScopeNode {
  if (executionId === undefined) {
    scope.armed.delete(run.elementId);
    return scope;
  }
  scope.forget(run);
  let at = scope;
  for (; at !== kept && at.hasEnded && at.parent && at.run; at = at.parent) {
    at.parent.children.splice(at.parent.children.indexOf(at), 1);
    at.answers.dropScope(at.path);
    if (!at.element?.isEventSubProcess) at.parent.forget(at.run);
  }
  return at;
}
