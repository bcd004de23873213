import * as b from '../../helpers/bpmn-builder.ts';
import type { Random } from './random.ts';

/** Variables that the conditions of a random diagram look at. */
export const flags = ['v0', 'v1', 'v2', 'v3'] as const;
/** Variables that are repeated over. */
export const lists = ['none', 'one', 'three'] as const;

interface Block {
  readonly entry: string;
  readonly exit: string;
}

/**
 * A random well-structured diagram: sequences, exclusive, parallel, inclusive and event-based blocks, sub-processes that may end abruptly,
 * loops that hold a wait, multi-instance jobs, error and timer boundary events whose path merges again. Every token of such a diagram comes to its one end event, whatever the order of completions.
 */
export function randomDiagram(random: Random, depth = 4): string {
  let count = 0;
  const id = (prefix: string) => `${prefix}${(count += 1)}`;
  const parts: string[][] = [[b.error('E1', 'E1'), b.message('M'), b.signal('G')]];
  const put = (...elements: string[]) => parts.at(-1)?.push(...elements);

  /** Content of a sub-process; `abrupt` adds a second end, reached when a flag is set: an error or a terminate end event. */
  const inside = (make: () => Block, abrupt?: string): string => {
    parts.push([]);
    const start = id('s');
    const end = id('z');
    const block = make();
    put(b.start(start), b.end(end), b.flow(start, block.entry));
    if (abrupt === undefined) put(b.flow(block.exit, end));
    else {
      const way = id('x');
      const other = id('a');
      put(b.xor(way, end), b.end(other, abrupt), b.flow(block.exit, way, end), b.flowIf(way, other, `=${random.pick(flags)}`));
    }
    return (parts.pop() ?? []).join('');
  };

  /** A host with boundary events; what they lead to merges with the host's own way out. */
  const guarded = (host: string, withError: boolean): Block => {
    const merge = id('m');
    put(b.xor(merge), b.flow(host, merge));
    const kinds = [withError ? 'error' : 'timer', random.chance(0.3) ? 'reminder' : ''];
    for (const kind of kinds) {
      const event = id('b');
      if (kind === 'error') put(b.boundary(event, host, b.onError('E1')));
      if (kind === 'timer') put(b.boundary(event, host, b.duration('P1D')));
      if (kind === 'reminder') {
        const end = id('r');
        put(
          b.boundary(event, host, random.chance(0.5) ? b.duration('PT1H') : b.cycle('R3/PT1H'), false),
          b.end(end),
          b.flow(event, end),
        );
      } else if (kind !== '') {
        const handler = id('h');
        put(random.chance(0.5) ? b.user(handler) : b.plain(handler), b.flow(event, handler, merge));
      }
    }
    return { entry: host, exit: merge };
  };

  const task = (): Block => {
    const host = id('t');
    const kind = random.pick(['user', 'job', 'plain', 'guarded', 'repeated']);
    const list = { inputCollection: `=${random.pick(lists)}`, inputElement: 'item' };
    const repeated = kind === 'repeated' || (kind === 'guarded' && random.chance(0.2)) ? [b.loop(list, random.chance(0.5))] : [];
    put(kind === 'user' ? b.user(host) : kind === 'plain' ? b.plain(host) : b.job(host, ...repeated));
    return kind === 'guarded' ? guarded(host, random.chance(0.7)) : { entry: host, exit: host };
  };

  /** The first of several events wins. */
  const events = (): Block => {
    const gateway = id('g');
    const merge = id('m');
    put(b.eventGateway(gateway), b.xor(merge));
    for (const definition of [b.onMessage('M'), b.onSignal('G'), b.duration('P1D')].slice(random.below(2))) {
      const event = id('c');
      put(b.caught(event, definition), b.flow(gateway, event, merge));
    }
    return { entry: gateway, exit: merge };
  };

  const branches = (level: number, gateway: 'xor' | 'and' | 'or'): Block => {
    const split = id('g');
    const join = id('j');
    const choice = gateway === 'xor' ? b.xor : b.or;
    const blocks = Array.from({ length: 2 + random.below(2) }, () => block(level - 1));
    blocks.forEach(({ entry, exit }, index) => {
      put(
        gateway === 'and' || index === 0 ? b.flow(split, entry) : b.flowIf(split, entry, `=${random.pick(flags)}`),
        b.flow(exit, join),
      );
    });
    if (gateway === 'and') put(b.and(split), b.and(join));
    else put(choice(split, blocks[0]?.entry), choice(join));
    return { entry: split, exit: join };
  };

  /** Comes back as long as `again` is set, which the completion of the wait inside decides. */
  const loop = (level: number): Block => {
    const merge = id('l');
    const exit = id('x');
    const wait = id('u');
    const body = block(level - 1);
    const out = id('o');
    put(b.xor(merge), b.user(wait), b.xor(exit, out), b.plain(out));
    put(b.flow(merge, body.entry), b.flow(body.exit, wait, exit, out), b.flowIf(exit, merge, '=again'));
    return { entry: merge, exit: out };
  };

  const subProcess = (level: number): Block => {
    const sub = id('p');
    const abrupt = random.chance(0.4) ? random.pick(['error', 'terminate']) : '';
    const end = { error: b.onError('E1'), terminate: b.terminate() }[abrupt];
    put(
      b.sub(
        sub,
        inside(() => block(level - 1), end),
      ),
    );
    if (abrupt === 'error') return guarded(sub, true);
    return random.chance(0.4) ? guarded(sub, random.chance(0.5)) : { entry: sub, exit: sub };
  };

  const block = (level: number): Block => {
    const choice = random.next();
    if (level <= 0 || choice < 0.25) return task();
    if (choice < 0.45) {
      const first = block(level - 1);
      const second = block(level - 1);
      put(b.flow(first.exit, second.entry));
      return { entry: first.entry, exit: second.exit };
    }
    if (choice < 0.58) return branches(level, 'xor');
    if (choice < 0.71) return branches(level, 'and');
    if (choice < 0.82) return branches(level, 'or');
    if (choice < 0.86) return events();
    if (choice < 0.92) return loop(level);
    return subProcess(level);
  };

  const body = block(depth);
  put(b.start('S'), b.end('Z'), b.flow('S', body.entry), b.flow(body.exit, 'Z'));
  return b.bpmn(...(parts[0] ?? []));
}
