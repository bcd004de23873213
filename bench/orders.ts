import { performance } from 'node:perf_hooks';
import { stopTestServer } from '../test/helpers/database.ts';
import { playLargeOrder } from '../test/large-order/play.ts';
import { startScenarioService } from '../test/scenarios/service.ts';
import { createStage } from '../test/scenarios/stage.ts';

/**
 * What a step of an order of 500 lines costs beside one of an order of 5 lines, in the whole service on real PostgreSQL: both are quoted, reserved, shipped in three
 * parts and partly returned (test/large-order). CPU of this process, which is the service and who asks it, and time; reported, never asserted (aim: within 3 times).
 */
const sizes = [5, 500] as const;
const rounds = Number(process.argv[2] ?? 3);

interface Sample {
  readonly cpuMs: number;
  readonly ms: number;
  readonly steps: number;
}

async function sample(lineCount: number, seed: number): Promise<Sample> {
  const service = await startScenarioService();
  try {
    const stage = createStage(service);
    await playLargeOrder(stage, { lineCount: 5, seed }); // everything is compiled once
    const steps = async (): Promise<number> =>
      (await service.database.query<{ steps: number }>('select count(*) as steps from orderflow.step'))[0]?.steps ?? 0;
    const [before, begun, cpu] = [await steps(), performance.now(), process.cpuUsage()];
    await playLargeOrder(stage, { lineCount, seed });
    const { user, system } = process.cpuUsage(cpu);
    return { cpuMs: (user + system) / 1000, ms: performance.now() - begun, steps: (await steps()) - before };
  } finally {
    await service.close();
  }
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

try {
  const perStep = new Map<number, number>();
  for (const lineCount of sizes) {
    const samples: Sample[] = [];
    for (let round = 0; round < rounds; round++) samples.push(await sample(lineCount, round + 1));
    const cpu = median(samples.map(({ cpuMs, steps }) => cpuMs / steps));
    const time = median(samples.map(({ ms, steps }) => ms / steps));
    perStep.set(lineCount, cpu);
    console.log(
      `order of ${lineCount} lines: ${median(samples.map(({ steps }) => steps))} steps, ${cpu.toFixed(1)} ms CPU and ${time.toFixed(1)} ms a step (median of ${rounds})`,
    );
  }
  const [small, large] = sizes.map((size) => perStep.get(size) ?? 0) as [number, number];
  console.log(`a step of the large order costs ${(large / small).toFixed(2)} times the CPU of one of the small order`);
} finally {
  await stopTestServer();
}
