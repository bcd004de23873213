import { messageOf } from '../../support/errors.ts';
import { Answers } from '../answers.ts';
import { formatState, parseState } from '../marking.ts';
import type { Program } from '../program.ts';
import { ScopeNode, scopesWithin } from '../scope-tree.ts';
import { advance } from '../advance.ts';
import type { CompiledProcess } from '../compile.ts';
import { Trail } from '../trail.ts';
import type { Oracle, Standing } from '../types.ts';
import type { Obstacle } from './types.ts';
import { label } from './words.ts';

/**
 * Puts the tokens of a state back as the next command would, in every scope: the engine has to wait for exactly these slots, know the same state again, and move
 * nothing. Answers what is in the way, if anything is.
 */
export async function rehearse(
  process: CompiledProcess,
  standing: Standing,
  slots: readonly string[],
  oracle: Oracle,
  now: Date,
  targetName: string,
): Promise<Obstacle | undefined> {
  const expected = [...slots].sort().join(', ');
  try {
    const { open, state } = await restored(process.program, standing, oracle);
    if (open !== expected) return unrestorable(`it waits at ${open || 'nothing'}, and should at ${expected}`, targetName);
    if (state !== standing.state) return unrestorable('the engine reads its tokens off at other places', targetName);
    const seen = await advance(process, standing, { type: 'variables', variables: {} }, oracle, now);
    if (seen.trail.length === 0 && seen.opened.length === 0 && seen.closed.length === 0) return undefined;
    const first = seen.trail.find(({ event }) => event === 'enter')?.elementId ?? '';
    return {
      rule: 'would-move',
      elementId: null,
      message:
        `In ${targetName} the tokens of this instance would go on at once${first && ` (to ${label(process.elements.get(first))})`}: what they wait for has happened ` +
        'already. Let the instance take its next step first, or move it by hand.',
    };
  } catch (error) {
    return unrestorable(messageOf(error), targetName);
  }
}

async function restored(
  program: Program,
  { state, variables, locals }: Standing,
  oracle: Oracle,
): Promise<{ open: string; state: string }> {
  const { model } = program;
  const answers = new Answers(program, oracle, variables, locals);
  const root = new ScopeNode(program.scope(model.id), answers, new Trail(model), null, null);
  root.load(parseState(state, model));
  const open: string[] = [];
  for (const node of scopesWithin(root)) {
    if (!node.isEmpty) await node.awaken();
    open.push(...node.waits().map(({ run }) => run.slot));
  }
  return { open: open.sort().join(', '), state: formatState(model.id, root.marking()) };
}

const unrestorable = (why: string, targetName: string): Obstacle => ({
  rule: 'cannot-be-restored',
  elementId: null,
  message: `The engine cannot go on from here in ${targetName}: ${why}. Let the instance take its next step first.`,
});
