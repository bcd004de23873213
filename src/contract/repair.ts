import { z } from 'zod';
import { ProcessInstance } from './process-instance.ts';
import { Id, Reason, Variables } from './values.ts';

const RepairWarning = z
  .looseObject({
    code: z.enum(['effects-skipped', 'effects-repeated', 'states-skipped', 'join-starved', 'override-left-open']),
    message: z.string(),
    elementIds: z.array(z.string()),
    jobTypes: z.array(z.string()).exactOptional(),
  })
  .meta({ id: 'RepairWarning', description: 'What the repair leaves to be put right outside of the process.' });

/** The instance as it stands after a repair. */
export const RepairedInstance = ProcessInstance.extend({ warnings: z.array(RepairWarning) }).meta({ id: 'RepairedInstance' });

export const TokenMove = z
  .strictObject({
    fromWaitId: Id.exactOptional().meta({ description: 'The wait whose token is taken away; left out: one token more' }),
    toElementId: z.string().min(1).max(255).meta({ description: 'The element that is entered' }),
    variables: Variables.exactOptional().meta({ description: 'Set before the token moves' }),
    reason: Reason,
  })
  .meta({ id: 'TokenMove' });

export const WaitDrop = z.strictObject({ waitId: Id, reason: Reason }).meta({ id: 'WaitDrop' });

export const VariablesChange = z
  .strictObject({
    variables: Variables.meta({ description: 'What is not named stays as it is' }),
    scope: z
      .string()
      .min(1)
      .max(1000)
      .exactOptional()
      .meta({ description: 'Slot of the sub-process or loop run whose own variables are meant' }),
    reason: Reason,
  })
  .meta({ id: 'VariablesChange' });

export const RetriesChange = z
  .strictObject({ retries: z.int().min(1).max(100).meta({ description: 'Attempts that are left from now on' }), reason: Reason })
  .meta({ id: 'RetriesChange' });

/** Why an operator does something that needs no other word. */
export const RepairReason = z.strictObject({ reason: Reason }).meta({ id: 'RepairReason' });
