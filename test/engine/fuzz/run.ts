import { parseArgs } from 'node:util';
import { pathToFileURL } from 'node:url';
import { compile, type CompiledProcess } from '../../../src/engine/index.ts';
import { randomDiagram } from './diagram.ts';
import { Random } from './random.ts';
import { live } from './schedule.ts';

export interface FuzzResult {
  readonly diagrams: number;
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
  let commands = 0;
  for (let each = seed; each < seed + diagrams; each += 1) {
    try {
      const random = new Random(each);
      const [process] = (await compile(randomDiagram(random))) as [CompiledProcess];
      // three lives of every sixth diagram: the later ones go ways that the earlier ones have gone, with variables of their own
      const replayed = each % 6 === 0;
      for (let life = 0; life < (replayed ? 3 : 1); life += 1)
        commands += (await live(process, random, { replayed })).commands.length;
    } catch (error) {
      faults.push(`seed ${each}: ${(error as Error).message}`);
      onFault(faults.at(-1) ?? '');
    }
  }
  return { diagrams, commands, faults };
}

/** `node --import tsx test/engine/fuzz/run.ts --diagrams 1000 --seed 7`; exit code 1 when a diagram goes wrong. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { diagrams: { type: 'string', default: '300' }, seed: { type: 'string' } } });
  const seed = Number(values.seed ?? Date.now() % 1_000_000_000);
  const { diagrams, commands, faults } = await fuzz(Number(values.diagrams), seed, (fault) => console.error(fault));
  console.log(`${diagrams} diagrams from seed ${seed}, ${commands} commands, ${faults.length} faults`);
  process.exitCode = faults.length > 0 ? 1 : 0;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await main();
