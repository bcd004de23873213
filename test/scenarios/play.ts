import { messageOf } from '../../src/support/errors.ts';
import { violations } from '../helpers/invariants.ts';
import type { Scenario } from './scenario.ts';
import { startScenarioService, type ScenarioService } from './service.ts';
import { createStage } from './stage.ts';

export interface Outcome {
  /** What was seen; undefined when it broke before it could tell. */
  readonly paths: readonly string[] | undefined;
  /** Why it failed. */
  readonly error: Error | undefined;
  readonly ms: number;
}

/** Scenarios that share a service at the same time. */
const atOnce = 5;
/** Services for those who move the clock. */
const travellers = 3;

export interface Performance {
  /** Each resolves when its scenario is over. */
  readonly outcomes: ReadonlyMap<Scenario, Promise<Outcome>>;
  /** Resolves when everything that was started for them has ended. */
  readonly over: Promise<unknown>;
}

/** Plays all of them, those that do not disturb each other at the same time. */
export function playAll(scenarios: readonly Scenario[]): Performance {
  const tell = new Map<Scenario, (outcome: Outcome) => void>();
  const outcomes = new Map(
    scenarios.map((each) => [each, new Promise<Outcome>((resolve) => void tell.set(each, resolve))] as const),
  );
  const queue = (mine: (scenario: Scenario) => boolean): Queue => {
    const left = scenarios.filter(mine);
    return async (player) => {
      for (let next = left.shift(); next; next = left.shift()) tell.get(next)?.(await player(next));
    };
  };
  const staying = queue((each) => 'play' in each && each.apart !== true);
  const travelling = queue((each) => 'play' in each && each.apart === true);
  const alone = queue((each) => 'playAlone' in each);
  const all = [
    onService((player) => Promise.all(Array.from({ length: atOnce }, () => staying(player)))),
    ...Array.from({ length: travellers }, () => onService(travelling)),
  ];
  const over = Promise.all([...all, alone((scenario) => timed(scenario, () => playOn(scenario, undefined)))]);
  return { outcomes, over };
}

type Player = (scenario: Scenario) => Promise<Outcome>;
/** Gives the scenarios that are left to a player, one after the other. */
type Queue = (player: Player) => Promise<unknown>;

async function onService(queue: Queue): Promise<void> {
  let service: ScenarioService | undefined;
  let failure: unknown;
  try {
    service = await startScenarioService();
  } catch (error) {
    failure = error; // each scenario will tell
  }
  await queue((scenario) =>
    timed(scenario, () => {
      if (!service) throw new Error(`The service did not start: ${messageOf(failure)}`);
      return playOn(scenario, service);
    }),
  );
  await service?.close();
}

async function playOn(scenario: Scenario, service: ScenarioService | undefined): Promise<readonly string[]> {
  if ('playAlone' in scenario) return scenario.playAlone();
  if (!service) throw new Error('It needs a service.');
  const paths = await scenario.play(createStage(service));
  const violated = await violations(service.database);
  if (violated.length > 0) throw new Error(`It leaves behind: ${violated.join('; ')}`);
  return paths;
}

async function timed(scenario: Scenario, play: () => Promise<readonly string[]>): Promise<Outcome> {
  const begun = performance.now();
  const ms = (): number => Math.round(performance.now() - begun);
  try {
    const paths = await play();
    const isAsExpected = paths.join() === scenario.paths.join();
    const error = isAsExpected ? undefined : new Error(`Expected ${scenario.paths.join(' ‖ ')}; it went ${paths.join(' ‖ ')}`);
    return { paths, error, ms: ms() };
  } catch (error) {
    return { paths: undefined, error: error instanceof Error ? error : new Error(String(error)), ms: ms() };
  }
}
