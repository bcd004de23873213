import { parseArgs } from 'node:util';
import { pathToFileURL } from 'node:url';
import { compile, type CompiledProcess } from '../../../src/engine/index.ts';
import { randomGraph } from './diagram.ts';
import { draw } from './graph.ts';
import { Random } from './random.ts';
import { live, type Life } from './schedule.ts';

export interface FuzzResult {
  readonly diagrams: number;
  readonly elements: number;
  readonly lives: number;
  readonly commands: number;
  readonly faults: readonly string[];
}

/** `diagrams` random diagrams from `seed`, `seed + 1` ...; each fault names the seed that shows it again alone. */
export async function fuzz(
  diagrams: number,
  seed: number,
  onFault: (fault: string) => void = () => undefined,
): Promise<FuzzResult> {
  const faults: string[] = [];
  const figures = { elements: 0, lives: 0, commands: 0 };
  for (let each = seed; each < seed + diagrams; each += 1) {
    try {
      const random = new Random(each);
      const graph = randomGraph(random);
      const [process] = (await compile(draw(graph))) as [CompiledProcess];
      figures.elements += process.elements.size;
      for (const life of await lives(process, { each, graph, random })) {
        figures.lives += 1;
        figures.commands += life.commands.length;
      }
    } catch (error) {
      faults.push(`seed ${each}: ${(error as Error).message}`);
      onFault(faults.at(-1) ?? '');
    }
  }
  return { diagrams, ...figures, faults };
}

interface Diagram {
  readonly each: number;
  readonly graph: ReturnType<typeof randomGraph>;
  readonly random: Random;
}

/**
 * Two lives against the token game, each with variables of its own; of every sixth diagram one more, and all of them replayed where they go
 * ways that others have gone. Of every third diagram the first once more with crashes: its log must be the same.
 */
async function lives(process: CompiledProcess, { each, graph, random }: Diagram): Promise<readonly Life[]> {
  const replayed = each % 6 === 0;
  const schedule = random.below(2 ** 31);
  const first = await live(process, new Random(schedule), { graph, replayed });
  const all = [first];
  for (let more = 1; more < (replayed ? 3 : 2); more += 1)
    all.push(await live(process, new Random(schedule + more), { graph, replayed }));
  if (each % 3 !== 0) return all;
  const crashed = await live(process, new Random(schedule), { graph, replayed, crashes: new Random(each) });
  const differs = first.log.findIndex((entry, index) => entry !== crashed.log[index]);
  if (differs >= 0 || first.log.length !== crashed.log.length)
    throw new Error(`with crashes the log differs from command ${differs}: ${JSON.stringify(first.commands[differs])}`);
  return [...all, crashed];
}

/** `node --import tsx test/engine/fuzz/run.ts --diagrams 1000 --seed 7`; exit code 1 when a diagram goes wrong. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { diagrams: { type: 'string', default: '300' }, seed: { type: 'string' } } });
  const seed = Number(values.seed ?? Date.now() % 1_000_000_000);
  const begun = Date.now();
  console.log(`${values.diagrams} diagrams from seed ${seed}`);
  const { elements, lives: lived, commands, faults } = await fuzz(Number(values.diagrams), seed, (fault) => console.error(fault));
  const seconds = Math.round((Date.now() - begun) / 1000);
  console.log(
    `${values.diagrams} diagrams with ${elements} elements from seed ${seed}: ${lived} instances, ${commands} commands, ${faults.length} faults, ${seconds} s`,
  );
  process.exitCode = faults.length > 0 ? 1 : 0;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await main();
