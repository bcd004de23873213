import { advance, compile, type Advance, type CompiledProcess, type EngineCommand } from '../../../src/engine/index.ts';
import {
  migrateStanding,
  planMigration,
  type ElementMapping,
  type MigratedStanding,
  type Verdict,
} from '../../../src/engine/migration/index.ts';
import type { JsonObject } from '../../../src/support/json.ts';
import { testOracle } from '../../helpers/oracle.ts';
import { noon } from '../life.ts';

/** One instance that begins in one version of a process, and may go on in another. */
export class Journey {
  private constructor(
    public process: CompiledProcess,
    public last: Pick<Advance, 'state' | 'variables' | 'locals' | 'open' | 'status'>,
  ) {}

  static async begin(xml: string, variables: JsonObject = {}): Promise<Journey> {
    const process = await only(xml);
    return new Journey(process, await advance(process, null, { type: 'start', variables }, testOracle(), noon));
  }

  async do(command: EngineCommand): Promise<this> {
    const { state, variables, locals } = this.last;
    if (state === null) throw new Error('the instance has ended');
    this.last = await advance(this.process, { state, variables, locals }, command, testOracle(), noon);
    return this;
  }
  complete = (slot: string, variables: JsonObject = {}): Promise<this> => this.do({ type: 'complete', slot, variables });
  timer = (slot: string): Promise<this> => this.do({ type: 'timer', slot });
  message = (slot: string): Promise<this> => this.do({ type: 'message', slot, variables: {} });

  /** What would become of it in another version. */
  async judge(xml: string, mapping: ElementMapping = {}, variables: JsonObject = {}): Promise<Verdict> {
    const { state, locals } = this.last;
    const plan = planMigration(this.process, await only(xml), mapping);
    const standing = { state: state ?? '', variables: { ...variables, ...this.last.variables }, locals };
    return migrateStanding(plan, standing, testOracle(), noon, { targetName: 'version 2' });
  }

  /** Goes to another version. @throws Error with the sentence when it is refused */
  async go(xml: string, mapping: ElementMapping = {}, variables: JsonObject = {}): Promise<MigratedStanding> {
    const verdict = await this.judge(xml, mapping, variables);
    if (verdict.verdict === 'refused') throw new Error(verdict.sentence);
    const { migrated } = verdict;
    const open = [...migrated.kept.map(({ to }) => to.slot), ...migrated.opened.map(({ slot }) => slot)].sort();
    const { state, locals } = migrated;
    this.last = { state, locals, variables: { ...variables, ...this.last.variables }, open, status: 'running' };
    this.process = await only(xml);
    return migrated;
  }

  /** The rules that keep it from another version, with the elements they are about. */
  async refusals(xml: string, mapping: ElementMapping = {}): Promise<string[]> {
    const verdict = await this.judge(xml, mapping);
    return verdict.verdict === 'refused'
      ? verdict.obstacles.map(({ rule, elementId }) => `${rule} ${elementId ?? ''}`.trim())
      : [];
  }
}

export async function only(xml: string): Promise<CompiledProcess> {
  const [process] = await compile(xml);
  if (!process) throw new Error('no process');
  return process;
}
