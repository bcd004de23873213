import type { Route } from '../route.ts';
import { customerRoutes } from './customers.ts';
import { fulfilmentRoutes } from './fulfilments.ts';
import { incidentRoutes } from './incidents.ts';
import { messageRoutes } from './messages.ts';
import { overrideRequestRoutes } from './override-requests.ts';
import { processDefinitionRoutes } from './process-definitions.ts';
import { processInstanceRoutes } from './process-instances.ts';
import { productRoutes } from './products.ts';
import { providerEventRoutes } from './provider-events.ts';
import { quotationRoutes } from './quotations.ts';
import { saleOrderRoutes } from './sale-orders.ts';
import { serviceRoutes } from './service.ts';
import { userTaskRoutes } from './user-tasks.ts';

/** Everything that is always served; `/v1/clock` comes on top where the clock can be moved. */
export const routes: readonly Route[] = [
  ...quotationRoutes,
  ...saleOrderRoutes,
  ...fulfilmentRoutes,
  ...overrideRequestRoutes,
  ...customerRoutes,
  ...productRoutes,
  ...userTaskRoutes,
  ...processInstanceRoutes,
  ...processDefinitionRoutes,
  ...messageRoutes,
  ...incidentRoutes,
  ...providerEventRoutes,
  ...serviceRoutes,
];
