import type { ProcessModel } from '../model.ts';
import type { Finding } from '../types.ts';
import { lintCycles } from './cycles.ts';
import { lintEvents } from './events.ts';
import { lintExpressions } from './expressions.ts';
import type { Rule } from './finding.ts';
import { lintGateways } from './gateways.ts';
import { lintIds } from './ids.ts';
import { lintLoops } from './loops.ts';
import { lintSoundness } from './soundness.ts';
import { lintStructure } from './structure.ts';
import { lintSupport } from './support.ts';
import { lintTasks } from './tasks.ts';
import { lintWaits } from './waits.ts';

const rules: readonly Rule[] = [
  lintIds,
  lintSupport,
  lintStructure,
  lintGateways,
  lintEvents,
  lintTasks,
  lintLoops,
  lintWaits,
  lintCycles,
  lintSoundness,
];

/** All findings of a process, in the order of the rules. `checkExpression` says what is wrong with a FEEL text, or null. */
export function lintProcess(model: ProcessModel, checkExpression?: (feel: string) => string | null): readonly Finding[] {
  return [...rules.flatMap((rule) => rule(model)), ...lintExpressions(model, checkExpression)];
}
