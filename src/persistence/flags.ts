import type { Json, JsonObject } from '../support/json.ts';
import type { Transaction } from './transaction.ts';

/** Every slice and override kind that can be switched off by itself. */
export const flagNames = [
  'workflow.quotation',
  'workflow.sale',
  'workflow.fulfilment',
  'overrides.price',
  'overrides.admin',
  'overrides.credit',
  'overrides.stock',
] as const;

export type FlagName = (typeof flagNames)[number];

/** Which flags are on. */
export type Flags = Readonly<Record<FlagName, boolean>>;

const read = new WeakMap<Transaction, Promise<Flags>>();

/** The flags, read once per command: all that it does goes by the same ones. An instance goes on with those of its start. */
export function flagsOf(tx: Transaction): Promise<Flags> {
  let flags = read.get(tx);
  if (!flags) read.set(tx, (flags = readFlags(tx)));
  return flags;
}

async function readFlags(tx: Transaction): Promise<Flags> {
  const rows = await tx.query<{ name: string; enabled: boolean }>('select name, enabled from orderflow.flag');
  const enabled = new Map(rows.map((row) => [row.name, row.enabled]));
  return Object.fromEntries(flagNames.map((name) => [name, enabled.get(name) ?? true])) as Record<FlagName, boolean>;
}

/** The process variable `flags`: what a diagram may ask about. */
export const flagsVariable = (flags: Flags): JsonObject => ({
  overridePrice: flags['overrides.price'],
  overrideAdmin: flags['overrides.admin'],
  overrideCredit: flags['overrides.credit'],
  overrideStock: flags['overrides.stock'],
});

/** The variables that an instance starts with: `flags` too, where its process declares them. */
export const withFlags = (declared: Readonly<Record<string, Json>>, flags: Flags): JsonObject =>
  'flags' in declared ? { ...declared, flags: flagsVariable(flags) } : { ...declared };
