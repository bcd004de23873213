import { Workflow1795305600000 } from './1795305600000-workflow.ts';
import { Orders1795305600001 } from './1795305600001-orders.ts';
import { SaleAndOverrides1795392000000 } from './1795392000000-sale-and-overrides.ts';
import { FulfilmentsAndReturns1795392000001 } from './1795392000001-fulfilments-and-returns.ts';
import { Money1795392000002 } from './1795392000002-money.ts';
import { CommercialTimeAndEvents1795392000003 } from './1795392000003-commercial-time-and-events.ts';
import { Adoption1795392000004 } from './1795392000004-adoption.ts';
import { Invariants1795392000005 } from './1795392000005-invariants.ts';
import { DemoWorld1795392000006 } from './1795392000006-demo-world.ts';
import { ScopedVariables1795392000007 } from './1795392000007-scoped-variables.ts';
import { DecisionDefinitions1795392000008 } from './1795392000008-decision-definitions.ts';
import { StartsSignalsTimers1795392000009 } from './1795392000009-starts-signals-timers.ts';
import { CallActivities1795392000010 } from './1795392000010-call-activities.ts';
import { ExternalWorkers1795392000011 } from './1795392000011-external-workers.ts';
import { InstanceMigrations1795392000012 } from './1795392000012-instance-migrations.ts';
import { Repair1795392000013 } from './1795392000013-repair.ts';

/** Every migration in order, listed by hand: a glob would find .ts here and .js elsewhere. */
export const migrations = [
  Workflow1795305600000,
  Orders1795305600001,
  SaleAndOverrides1795392000000,
  FulfilmentsAndReturns1795392000001,
  Money1795392000002,
  CommercialTimeAndEvents1795392000003,
  Adoption1795392000004,
  Invariants1795392000005,
  DemoWorld1795392000006,
  ScopedVariables1795392000007,
  DecisionDefinitions1795392000008,
  StartsSignalsTimers1795392000009,
  CallActivities1795392000010,
  ExternalWorkers1795392000011,
  InstanceMigrations1795392000012,
  Repair1795392000013,
];
