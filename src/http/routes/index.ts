import type { Route } from '../route.ts';
import { calendarRoutes } from './calendars.ts';
import { customerRoutes } from './customers.ts';
import { deploymentRoutes } from './deployments.ts';
import { eventRoutes } from './events.ts';
import { flagRoutes } from './flags.ts';
import { fulfilmentRoutes } from './fulfilments.ts';
import { incidentRoutes } from './incidents.ts';
import { invoiceRoutes } from './invoices.ts';
import { jobRoutes } from './jobs.ts';
import { messageRoutes } from './messages.ts';
import { migrationRoutes } from './migrations.ts';
import { overrideRequestRoutes } from './override-requests.ts';
import { peopleRoutes } from './people.ts';
import { processDefinitionRoutes } from './process-definitions.ts';
import { processInstanceRoutes } from './process-instances.ts';
import { productRoutes } from './products.ts';
import { providerEventRoutes } from './provider-events.ts';
import { quotationRoutes } from './quotations.ts';
import { repairRoutes } from './repair.ts';
import { returnRoutes } from './returns.ts';
import { saleOrderRoutes } from './sale-orders.ts';
import { serviceRoutes } from './service.ts';
import { signalRoutes } from './signals.ts';
import { timerRoutes } from './timers.ts';
import { suspensionRoutes } from './suspensions.ts';
import { userTaskRoutes } from './user-tasks.ts';

/** Everything that is always served; `/v1/clock` comes on top where the clock can be moved. */
export const routes: readonly Route[] = [
  ...quotationRoutes,
  ...saleOrderRoutes,
  ...fulfilmentRoutes,
  ...returnRoutes,
  ...overrideRequestRoutes,
  ...peopleRoutes,
  ...invoiceRoutes,
  ...customerRoutes,
  ...productRoutes,
  ...userTaskRoutes,
  ...processInstanceRoutes,
  ...migrationRoutes,
  ...processDefinitionRoutes,
  ...deploymentRoutes,
  ...jobRoutes,
  ...messageRoutes,
  ...signalRoutes,
  ...timerRoutes,
  ...incidentRoutes,
  ...repairRoutes,
  ...suspensionRoutes,
  ...flagRoutes,
  ...calendarRoutes,
  ...eventRoutes,
  ...providerEventRoutes,
  ...serviceRoutes,
];
