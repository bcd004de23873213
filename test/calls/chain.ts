import { cancelInstance } from '../../src/commands/cancel-instance.ts';
import { resolveIncident } from '../../src/commands/resolve-incident.ts';
import { boundary, duration, end, flow, start } from '../helpers/bpmn-builder.ts';
import { by, type World } from '../helpers/world.ts';
import { around, callActivity, childOf, files, incidentOf, instance, look, run } from './programs.ts';

export const variables = ['amount', 'again', 'items', 'item', 'verdict'];
/** A process that waits once. */
export const inner = around(look('i_look'), 'i_look');
export const middle = around(callActivity('m_call', { processId: 'inner' }), 'm_call');
/** outer calls middle calls inner; an hour later the call is given up, and later than that so is the whole. */
export const chain = files({
  outer: {
    parts: [
      start('o_s'),
      callActivity('o_call', { processId: 'middle' }),
      end('o_e'),
      flow('o_s', 'o_call', 'o_e'),
      boundary('o_b', 'o_call', duration('PT1H')),
      look('o_late'),
      end('o_e2'),
      flow('o_b', 'o_late', 'o_e2'),
    ],
    variables,
  },
  middle: { parts: middle, variables },
  inner: { parts: inner, variables },
});

/** A chain whose innermost instance waits. */
export async function beginChain(world: World): Promise<{ outer: string; middle: string; inner: string }> {
  const outer = await run(world, 'outer');
  await world.drain();
  const between = await childOf(world, outer);
  return { outer, middle: between.id, inner: (await childOf(world, between.id)).id };
}

export const cancelledBy = (world: World, instanceId: string, reason = 'no longer wanted') =>
  cancelInstance(world.deps, by('operator'), { instanceId, reason });

/** The incident of an instance is let try again. */
export async function retried(world: World, instanceId: string): Promise<void> {
  const { id } = await incidentOf(world, instanceId);
  await resolveIncident(world.deps, by('operator'), id);
}

export const statusesOf = (world: World, ids: readonly string[]): Promise<string[]> =>
  Promise.all(ids.map(async (id) => (await instance(world, id)).status));
