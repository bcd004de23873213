import type { ElementModel, ProcessModel } from '../model.ts';
import type { Finding } from '../types.ts';
import { finding } from './finding.ts';

/** Elements and sequence flows of all processes of a file that are executed. */
const maximumElements = 2000;
/** Sub-processes inside one another. */
const maximumLevels = 20;

/** What is too large to be looked at in detail: when there is a finding, the other rules need not begin. */
export function lintLimits(models: readonly ProcessModel[]): readonly Finding[] {
  const total = models.reduce((sum, model) => sum + sizeOf(model), 0);
  if (total > maximumElements) {
    const [largest] = models.toSorted((a, b) => sizeOf(b) - sizeOf(a));
    const count = `The ${models.length === 1 ? 'process has' : 'processes of the file have'} ${total} elements and flows`;
    return [finding(largest?.id ?? null, 'size', `${count}; ${maximumElements} are allowed. Split it with call activities.`)];
  }
  return models.flatMap((model) => {
    const deepest = [...model.elements.values()].find((element) => levelOf(element, model) > maximumLevels);
    const message = `The sub-processes are nested more than ${maximumLevels} levels deep. Put the inner ones into a process of their own and call it.`;
    return deepest ? [finding(deepest.id, 'size', message)] : [];
  });
}

const sizeOf = ({ elements, flows }: ProcessModel): number => elements.size + flows.length;

function levelOf(element: ElementModel, { elements }: ProcessModel): number {
  let level = 0;
  for (let scope = elements.get(element.scope); scope && level <= maximumLevels; scope = elements.get(scope.scope)) level++;
  return level;
}
