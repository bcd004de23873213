import { Workflow1795305600000 } from './1795305600000-workflow.ts';
import { Orders1795305600001 } from './1795305600001-orders.ts';

/** Every migration in order, listed by hand: a glob would find .ts here and .js elsewhere. */
export const migrations = [Workflow1795305600000, Orders1795305600001];
