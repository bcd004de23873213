import * as b from '../../helpers/bpmn-builder.ts';
import type { Random } from './random.ts';

/** Variables that the conditions of a random diagram look at. */
export const flags = ['v0', 'v1', 'v2', 'v3'] as const;

interface Block {
  readonly entry: string;
  readonly exit: string;
}

/**
 * A random well-structured diagram: sequences, exclusive, parallel and inclusive blocks, sub-processes, loops that hold a wait, error and
 * timer boundary events whose path merges again. Every token of such a diagram comes to its one end event, whatever the order of completions.
 */
export function randomDiagram(random: Random, depth = 4): string {
  let count = 0;
  const id = (prefix: string) => `${prefix}${(count += 1)}`;
  const parts: string[][] = [[b.error('E1', 'E1')]];
  const put = (...elements: string[]) => parts.at(-1)?.push(...elements);

  const inside = (make: () => Block): string => {
    parts.push([]);
    const start = id('s');
    const end = id('z');
    const block = make();
    put(b.start(start), b.end(end), b.flow(start, block.entry), b.flow(block.exit, end));
    return (parts.pop() ?? []).join('');
  };

  /** A host with boundary events; what they lead to merges with the host's own way out. */
  const guarded = (host: string, withError: boolean): Block => {
    const merge = id('m');
    put(b.xor(merge), b.flow(host, merge));
    const kinds = [withError && random.chance(0.7) ? 'error' : 'timer', random.chance(0.3) ? 'reminder' : ''];
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
    const task = id('t');
    const kind = random.pick(['user', 'job', 'plain', 'guarded']);
    put(kind === 'user' ? b.user(task) : kind === 'plain' ? b.plain(task) : b.job(task));
    return kind === 'guarded' ? guarded(task, true) : { entry: task, exit: task };
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
    const withError = random.chance(0.3);
    const content = inside(() => block(level - 1));
    put(b.sub(sub, content));
    return random.chance(0.4) ? guarded(sub, withError) : { entry: sub, exit: sub };
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
    if (choice < 0.9) return loop(level);
    return subProcess(level);
  };

  const body = block(depth);
  put(b.start('S'), b.end('Z'), b.flow('S', body.entry), b.flow(body.exit, 'Z'));
  return b.bpmn(...(parts[0] ?? []));
}
