import { BackorderDemand } from './backorder-demand.ts';
import { Command } from './command.ts';
import { CreditHold } from './credit-hold.ts';
import { CreditMovement } from './credit-movement.ts';
import { CreditProfile } from './credit-profile.ts';
import { CreditSnapshot } from './credit-snapshot.ts';
import { Customer } from './customer.ts';
import { DecisionRecord } from './decision-record.ts';
import { Deployment, DeploymentResource } from './deployment.ts';
import { Fulfilment, FulfilmentLine } from './fulfilment.ts';
import { Incident } from './incident.ts';
import { Message } from './message.ts';
import { Outbox } from './outbox.ts';
import { OverrideRequest, OverrideDecision } from './override-request.ts';
import { Payment } from './payment.ts';
import { PhaseHandoff } from './phase-handoff.ts';
import { ProcessDefinition } from './process-definition.ts';
import { ProcessInstance } from './process-instance.ts';
import { Product } from './product.ts';
import { Quotation, QuotationLine } from './quotation.ts';
import { SaleOrder, SaleLine } from './sale-order.ts';
import { SalesAggregate } from './sales-aggregate.ts';
import { Step } from './step.ts';
import { StockLevel } from './stock-level.ts';
import { StockMovement } from './stock-movement.ts';
import { StockReservation } from './stock-reservation.ts';
import { Transition } from './transition.ts';
import { Wait } from './wait.ts';

/** Every entity; test/persistence/entities.test.ts compares them with the schema that the migrations make. */
export const entities = [
  BackorderDemand,
  Command,
  CreditHold,
  CreditMovement,
  CreditProfile,
  CreditSnapshot,
  Customer,
  DecisionRecord,
  Deployment,
  DeploymentResource,
  Fulfilment,
  FulfilmentLine,
  Incident,
  Message,
  Outbox,
  OverrideDecision,
  OverrideRequest,
  Payment,
  PhaseHandoff,
  ProcessDefinition,
  ProcessInstance,
  Product,
  Quotation,
  QuotationLine,
  SaleLine,
  SaleOrder,
  SalesAggregate,
  Step,
  StockLevel,
  StockMovement,
  StockReservation,
  Transition,
  Wait,
];

export {
  BackorderDemand,
  Command,
  CreditHold,
  CreditMovement,
  CreditProfile,
  CreditSnapshot,
  Customer,
  DecisionRecord,
  Deployment,
  DeploymentResource,
  Fulfilment,
  FulfilmentLine,
  Incident,
  Message,
  Outbox,
  OverrideDecision,
  OverrideRequest,
  Payment,
  PhaseHandoff,
  ProcessDefinition,
  ProcessInstance,
  Product,
  Quotation,
  QuotationLine,
  SaleLine,
  SaleOrder,
  SalesAggregate,
  Step,
  StockLevel,
  StockMovement,
  StockReservation,
  Transition,
  Wait,
};
