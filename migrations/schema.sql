-- The schema after all migrations. Written by npm run migrate -- --snapshot; do not edit.

create sequence orderflow.fulfilment_number as bigint start 1 increment 1;

create sequence orderflow.invoice_number as bigint start 1 increment 1;

create sequence orderflow.migration_id_seq as integer start 1 increment 1;

create sequence orderflow.quotation_number as bigint start 1 increment 1;

create sequence orderflow.return_request_number as bigint start 1 increment 1;

create sequence orderflow.sale_order_number as bigint start 1 increment 1;

create table orderflow.adoption (
  source text not null,
  entity text not null,
  key text not null,
  digest text not null,
  target_id uuid,
  adopted_at timestamp with time zone not null,
  constraint adoption_pkey PRIMARY KEY (source, entity, key)
);
CREATE INDEX adoption_target ON orderflow.adoption USING btree (target_id) WHERE (target_id IS NOT NULL);
CREATE TRIGGER adoption_append_only BEFORE DELETE OR UPDATE ON orderflow.adoption FOR EACH ROW EXECUTE FUNCTION orderflow.append_only();

create table orderflow.adoption_review (
  source text not null,
  entity text not null,
  key text not null,
  code text not null,
  message text not null,
  record jsonb not null,
  found_at timestamp with time zone not null,
  resolved_at timestamp with time zone,
  constraint adoption_review_pkey PRIMARY KEY (source, entity, key, code)
);
CREATE INDEX adoption_review_open ON orderflow.adoption_review USING btree (entity, key) WHERE (resolved_at IS NULL);

create table orderflow.backorder_demand (
  id uuid not null,
  fulfilment_id uuid not null,
  sale_line_id uuid not null,
  sku text not null,
  quantity bigint not null,
  priority integer not null default 100,
  committed_at timestamp with time zone not null,
  status text not null default 'OPEN'::text,
  rests boolean not null default false,
  constraint backorder_demand_quantity_check CHECK ((quantity > 0)),
  constraint backorder_demand_status_check CHECK ((status = ANY (ARRAY['OPEN'::text, 'FILLED'::text, 'CANCELLED'::text]))),
  constraint backorder_demand_fulfilment_id_fkey FOREIGN KEY (fulfilment_id) REFERENCES orderflow.fulfilment(id),
  constraint backorder_demand_sale_line_id_fkey FOREIGN KEY (sale_line_id) REFERENCES orderflow.sale_line(id),
  constraint backorder_demand_pkey PRIMARY KEY (id),
  constraint backorder_demand_fulfilment_id_sale_line_id_key UNIQUE (fulfilment_id, sale_line_id)
);
CREATE INDEX backorder_demand_queue ON orderflow.backorder_demand USING btree (sku, priority, committed_at, id) WHERE (status = 'OPEN'::text);

create table orderflow.calendar (
  id text not null,
  name text not null,
  weekend_days integer[] not null,
  revision integer not null default 1,
  time_zone text not null default 'UTC'::text,
  constraint calendar_weekend_days_check CHECK (((weekend_days <@ ARRAY[1, 2, 3, 4, 5, 6, 7]) AND (cardinality(weekend_days) < 7))),
  constraint calendar_pkey PRIMARY KEY (id)
);

create table orderflow.calendar_holiday (
  calendar_id text not null,
  date date not null,
  name text not null,
  constraint calendar_holiday_calendar_id_fkey FOREIGN KEY (calendar_id) REFERENCES orderflow.calendar(id),
  constraint calendar_holiday_pkey PRIMARY KEY (calendar_id, date)
);

create table orderflow.call (
  wait_id uuid not null,
  sequence bigint not null generated always as identity,
  instance_id uuid not null,
  process_id text not null,
  binding text not null,
  version_tag text,
  business_key text not null,
  all_variables boolean not null,
  variables jsonb not null,
  turn integer not null default 1,
  todo text,
  outcome jsonb,
  traceparent text,
  next_at timestamp with time zone not null,
  attempts integer not null default 0,
  opened_at timestamp with time zone not null,
  closed_at timestamp with time zone,
  constraint call_binding_check CHECK ((binding = ANY (ARRAY['deployment'::text, 'latest'::text, 'versionTag'::text]))),
  constraint call_check CHECK (((binding = 'versionTag'::text) = (version_tag IS NOT NULL))),
  constraint call_check1 CHECK (((todo IS NULL) OR (closed_at IS NULL))),
  constraint call_todo_check CHECK ((todo = ANY (ARRAY['start'::text, 'answer'::text, 'cancel'::text]))),
  constraint call_instance_id_fkey FOREIGN KEY (instance_id) REFERENCES orderflow.process_instance(id),
  constraint call_wait_id_fkey FOREIGN KEY (wait_id) REFERENCES orderflow.wait(id),
  constraint call_pkey PRIMARY KEY (wait_id)
) with (fillfactor=70);
CREATE INDEX call_due ON orderflow.call USING btree (next_at, sequence) WHERE (todo IS NOT NULL);
CREATE INDEX call_instance ON orderflow.call USING btree (instance_id);

create table orderflow.call_escalation (
  id uuid not null,
  sequence bigint not null generated always as identity,
  wait_id uuid not null,
  child_id uuid not null,
  child_revision integer not null,
  code text not null,
  traceparent text,
  at timestamp with time zone not null,
  next_at timestamp with time zone not null,
  attempts integer not null default 0,
  done_at timestamp with time zone,
  constraint call_escalation_child_id_fkey FOREIGN KEY (child_id) REFERENCES orderflow.process_instance(id),
  constraint call_escalation_wait_id_fkey FOREIGN KEY (wait_id) REFERENCES orderflow.call(wait_id),
  constraint call_escalation_pkey PRIMARY KEY (id)
) with (fillfactor=70);
CREATE INDEX call_escalation_call ON orderflow.call_escalation USING btree (wait_id, sequence) WHERE (done_at IS NULL);
CREATE INDEX call_escalation_due ON orderflow.call_escalation USING btree (next_at, sequence) WHERE (done_at IS NULL);

create table orderflow.carrier_booking (
  key text not null,
  fulfilment_id uuid not null,
  lines jsonb not null,
  status text not null,
  carrier text,
  tracking text,
  requested_at timestamp with time zone not null,
  constraint carrier_booking_check CHECK (((status <> 'BOOKED'::text) OR (tracking IS NOT NULL))),
  constraint carrier_booking_status_check CHECK ((status = ANY (ARRAY['REQUESTED'::text, 'BOOKED'::text, 'REJECTED'::text, 'VOIDED'::text]))),
  constraint carrier_booking_fulfilment_id_fkey FOREIGN KEY (fulfilment_id) REFERENCES orderflow.fulfilment(id),
  constraint carrier_booking_pkey PRIMARY KEY (key)
);
CREATE INDEX carrier_booking_fulfilment ON orderflow.carrier_booking USING btree (fulfilment_id);

create table orderflow.clock (
  single boolean not null default true,
  offset_ms bigint not null default 0,
  constraint clock_single_check CHECK (single),
  constraint clock_pkey PRIMARY KEY (single)
);

create table orderflow.command (
  id uuid not null,
  actor text not null,
  key text not null,
  name text not null,
  fingerprint text not null,
  status integer,
  body json,
  headers jsonb,
  received_at timestamp with time zone not null default orderflow.now(),
  constraint command_pkey PRIMARY KEY (actor, key),
  constraint command_id_key UNIQUE (id)
);

create table orderflow.commercial_period (
  name text not null,
  working_hours integer not null,
  description text not null,
  revision integer not null default 1,
  constraint commercial_period_working_hours_check CHECK (((working_hours >= 1) AND (working_hours <= 87600))),
  constraint commercial_period_pkey PRIMARY KEY (name)
);

create table orderflow.credit_hold (
  id uuid not null,
  credit_profile_id uuid not null,
  sale_order_id uuid not null,
  amount_minor bigint not null,
  status text not null,
  override_request_id uuid,
  credit_snapshot_id uuid not null,
  created_at timestamp with time zone not null,
  constraint credit_hold_amount_minor_check CHECK ((amount_minor >= 0)),
  constraint credit_hold_status_check CHECK ((status = ANY (ARRAY['HELD'::text, 'COMMITTED'::text, 'INVOICED'::text, 'RELEASED'::text]))),
  constraint credit_hold_credit_profile_id_fkey FOREIGN KEY (credit_profile_id) REFERENCES orderflow.credit_profile(id),
  constraint credit_hold_credit_snapshot_id_fkey FOREIGN KEY (credit_snapshot_id) REFERENCES orderflow.credit_snapshot(id),
  constraint credit_hold_sale_order_id_fkey FOREIGN KEY (sale_order_id) REFERENCES orderflow.sale_order(id),
  constraint credit_hold_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX credit_hold_active ON orderflow.credit_hold USING btree (sale_order_id) WHERE (status = ANY (ARRAY['HELD'::text, 'COMMITTED'::text]));

create table orderflow.credit_movement (
  id uuid not null,
  credit_profile_id uuid not null,
  kind text not null,
  amount_minor bigint not null,
  credit_hold_id uuid,
  reference text not null,
  at timestamp with time zone not null,
  constraint credit_movement_amount_minor_check CHECK ((amount_minor >= 0)),
  constraint credit_movement_hold_check CHECK (((kind = ANY (ARRAY['HELD'::text, 'RELEASED'::text, 'INVOICED'::text])) = (credit_hold_id IS NOT NULL))),
  constraint credit_movement_kind_check CHECK ((kind = ANY (ARRAY['HELD'::text, 'RELEASED'::text, 'INVOICED'::text, 'CASH_IN'::text, 'CASH_OUT'::text]))),
  constraint credit_movement_credit_hold_id_fkey FOREIGN KEY (credit_hold_id) REFERENCES orderflow.credit_hold(id),
  constraint credit_movement_credit_profile_id_fkey FOREIGN KEY (credit_profile_id) REFERENCES orderflow.credit_profile(id),
  constraint credit_movement_pkey PRIMARY KEY (id),
  constraint credit_movement_credit_hold_id_kind_reference_key UNIQUE (credit_hold_id, kind, reference)
);
CREATE UNIQUE INDEX credit_movement_cash ON orderflow.credit_movement USING btree (credit_profile_id, kind, reference) WHERE (credit_hold_id IS NULL);
CREATE TRIGGER credit_movement_append_only BEFORE DELETE OR UPDATE ON orderflow.credit_movement FOR EACH ROW EXECUTE FUNCTION orderflow.append_only();

create table orderflow.credit_profile (
  id uuid not null,
  customer_id uuid not null,
  currency text not null,
  limit_minor bigint not null default 0,
  open_orders_minor bigint not null default 0,
  unpaid_invoices_minor bigint not null default 0,
  unapplied_cash_minor bigint not null default 0,
  overdue_minor bigint not null default 0,
  max_overdue_days integer not null default 0,
  hold text not null default 'NONE'::text,
  hold_reason text,
  risk_class text not null default 'C'::text,
  terms_days integer not null default 30,
  limit_reduced_at timestamp with time zone,
  revision integer not null default 1,
  exposure_minor bigint not null generated always as (((open_orders_minor + unpaid_invoices_minor) - unapplied_cash_minor)) stored,
  constraint credit_profile_check CHECK (((overdue_minor >= 0) AND (overdue_minor <= unpaid_invoices_minor))),
  constraint credit_profile_check1 CHECK (((hold = 'NONE'::text) OR (hold_reason IS NOT NULL))),
  constraint credit_profile_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
  constraint credit_profile_hold_check CHECK ((hold = ANY (ARRAY['NONE'::text, 'WATCH'::text, 'HOLD'::text, 'STOP'::text]))),
  constraint credit_profile_limit_minor_check CHECK ((limit_minor >= 0)),
  constraint credit_profile_max_overdue_days_check CHECK ((max_overdue_days >= 0)),
  constraint credit_profile_open_orders_minor_check CHECK ((open_orders_minor >= 0)),
  constraint credit_profile_risk_class_check CHECK ((risk_class = ANY (ARRAY['A'::text, 'B'::text, 'C'::text, 'D'::text]))),
  constraint credit_profile_terms_days_check CHECK (((terms_days >= 0) AND (terms_days <= 365))),
  constraint credit_profile_unapplied_cash_minor_check CHECK ((unapplied_cash_minor >= 0)),
  constraint credit_profile_unpaid_invoices_minor_check CHECK ((unpaid_invoices_minor >= 0)),
  constraint credit_profile_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES orderflow.customer(id),
  constraint credit_profile_pkey PRIMARY KEY (id),
  constraint credit_profile_customer_id_currency_key UNIQUE (customer_id, currency)
);

create table orderflow.credit_snapshot (
  id uuid not null,
  credit_profile_id uuid not null,
  sale_order_id uuid not null,
  decision_record_id uuid not null,
  outcome text not null,
  limit_minor bigint not null,
  exposure_minor bigint not null,
  order_minor bigint not null,
  override_request_id uuid,
  actor text not null,
  at timestamp with time zone not null,
  constraint credit_snapshot_outcome_check CHECK ((outcome = ANY (ARRAY['APPROVE'::text, 'APPROVE_WITH_OVERRIDE'::text, 'REVIEW'::text, 'HOLD'::text, 'PREPAY'::text, 'REFUSE'::text]))),
  constraint credit_snapshot_credit_profile_id_fkey FOREIGN KEY (credit_profile_id) REFERENCES orderflow.credit_profile(id),
  constraint credit_snapshot_decision_record_id_fkey FOREIGN KEY (decision_record_id) REFERENCES orderflow.decision_record(id),
  constraint credit_snapshot_sale_order_id_fkey FOREIGN KEY (sale_order_id) REFERENCES orderflow.sale_order(id),
  constraint credit_snapshot_pkey PRIMARY KEY (id)
);
CREATE INDEX credit_snapshot_sale ON orderflow.credit_snapshot USING btree (sale_order_id, at DESC);
CREATE TRIGGER credit_snapshot_append_only BEFORE DELETE OR UPDATE ON orderflow.credit_snapshot FOR EACH ROW EXECUTE FUNCTION orderflow.append_only();

create table orderflow.customer (
  id uuid not null,
  code text not null,
  name text not null,
  tier text not null default 'STANDARD'::text,
  status text not null default 'ACTIVE'::text,
  payment_method text,
  shipping_policy text not null default 'ALLOW_SPLIT'::text,
  revision integer not null default 1,
  constraint customer_payment_method_check CHECK ((payment_method = ANY (ARRAY['TERMS'::text, 'PREPAY'::text, 'CARD'::text, 'DEPOSIT'::text]))),
  constraint customer_shipping_policy_check CHECK ((shipping_policy = ANY (ARRAY['COMPLETE_ONLY'::text, 'ALLOW_SPLIT'::text, 'ASK'::text]))),
  constraint customer_status_check CHECK ((status = ANY (ARRAY['ACTIVE'::text, 'BLOCKED'::text, 'CLOSED'::text]))),
  constraint customer_tier_check CHECK ((tier = ANY (ARRAY['STANDARD'::text, 'GOLD'::text]))),
  constraint customer_pkey PRIMARY KEY (id),
  constraint customer_code_key UNIQUE (code)
);

create table orderflow.deadline (
  subject_type text not null,
  subject_id uuid not null,
  kind text not null,
  calendar_id text not null,
  process_instance_id uuid,
  from_at timestamp with time zone not null,
  working_hours integer not null,
  planned_at timestamp with time zone not null,
  due_at timestamp with time zone not null,
  set_by_hand boolean not null default false,
  constraint deadline_working_hours_check CHECK ((working_hours >= 0)),
  constraint deadline_calendar_id_fkey FOREIGN KEY (calendar_id) REFERENCES orderflow.calendar(id),
  constraint deadline_process_instance_id_fkey FOREIGN KEY (process_instance_id) REFERENCES orderflow.process_instance(id),
  constraint deadline_pkey PRIMARY KEY (subject_id, kind)
);
CREATE INDEX deadline_due ON orderflow.deadline USING btree (due_at);
CREATE INDEX deadline_instance ON orderflow.deadline USING btree (process_instance_id, planned_at);

create table orderflow.decision_definition (
  id uuid not null,
  deployment_id uuid not null,
  decision_id text not null,
  name text not null,
  version integer not null,
  resource_name text not null,
  constraint decision_definition_version_check CHECK ((version >= 1)),
  constraint decision_definition_deployment_id_fkey FOREIGN KEY (deployment_id) REFERENCES orderflow.deployment(id),
  constraint decision_definition_deployment_id_resource_name_fkey FOREIGN KEY (deployment_id, resource_name) REFERENCES orderflow.deployment_resource(deployment_id, name),
  constraint decision_definition_pkey PRIMARY KEY (id),
  constraint decision_definition_decision_id_version_key UNIQUE (decision_id, version),
  constraint decision_definition_deployment_id_decision_id_key UNIQUE (deployment_id, decision_id)
);

create table orderflow.decision_record (
  id uuid not null,
  instance_id uuid not null,
  instance_revision integer not null,
  element_id text not null,
  decision_id text not null,
  deployment_id uuid not null,
  inputs jsonb not null,
  outcome jsonb not null,
  matched_rules integer[] not null,
  at timestamp with time zone not null,
  constraint decision_record_deployment_id_fkey FOREIGN KEY (deployment_id) REFERENCES orderflow.deployment(id),
  constraint decision_record_instance_id_fkey FOREIGN KEY (instance_id) REFERENCES orderflow.process_instance(id),
  constraint decision_record_pkey PRIMARY KEY (id)
);
CREATE INDEX decision_record_instance ON orderflow.decision_record USING btree (instance_id, instance_revision);
CREATE TRIGGER decision_record_append_only BEFORE DELETE OR UPDATE ON orderflow.decision_record FOR EACH ROW EXECUTE FUNCTION orderflow.append_only();

create table orderflow.delegation (
  id uuid not null,
  principal text not null,
  delegate text not null,
  valid_from timestamp with time zone not null,
  valid_until timestamp with time zone not null,
  created_by text not null,
  created_at timestamp with time zone not null,
  revoked_by text,
  revoked_at timestamp with time zone,
  constraint delegation_check CHECK ((principal <> delegate)),
  constraint delegation_check1 CHECK ((valid_until > valid_from)),
  constraint delegation_check2 CHECK (((revoked_by IS NULL) = (revoked_at IS NULL))),
  constraint delegation_pkey PRIMARY KEY (id)
);
CREATE INDEX delegation_delegate ON orderflow.delegation USING btree (delegate, principal);

create table orderflow.demo_step (
  story text not null,
  step integer not null,
  answer jsonb not null,
  constraint demo_step_step_check CHECK ((step >= 0)),
  constraint demo_step_story_fkey FOREIGN KEY (story) REFERENCES orderflow.demo_story(name) ON DELETE CASCADE,
  constraint demo_step_pkey PRIMARY KEY (story, step)
);

create table orderflow.demo_story (
  name text not null,
  attempt integer not null default 1,
  begun_at timestamp with time zone not null default orderflow.now(),
  ended_at timestamp with time zone,
  orders text[] not null default '{}'::text[],
  failure text,
  constraint demo_story_attempt_check CHECK ((attempt >= 1)),
  constraint demo_story_pkey PRIMARY KEY (name)
);

create table orderflow.deployment (
  id uuid not null,
  content_hash text not null,
  deployed_by text not null,
  deployed_at timestamp with time zone not null default orderflow.now(),
  constraint deployment_pkey PRIMARY KEY (id)
);
CREATE INDEX deployment_content ON orderflow.deployment USING btree (content_hash);

create table orderflow.deployment_resource (
  deployment_id uuid not null,
  name text not null,
  content text not null,
  constraint deployment_resource_deployment_id_fkey FOREIGN KEY (deployment_id) REFERENCES orderflow.deployment(id),
  constraint deployment_resource_pkey PRIMARY KEY (deployment_id, name)
);

create table orderflow.engine_state (
  process_definition_id uuid not null,
  hash text not null,
  state text not null,
  constraint engine_state_process_definition_id_fkey FOREIGN KEY (process_definition_id) REFERENCES orderflow.process_definition(id),
  constraint engine_state_pkey PRIMARY KEY (process_definition_id, hash)
);
CREATE TRIGGER engine_state_append_only BEFORE DELETE OR UPDATE ON orderflow.engine_state FOR EACH ROW EXECUTE FUNCTION orderflow.append_only();

create table orderflow.event (
  id uuid not null,
  sequence bigint not null generated always as identity,
  "position" bigint,
  subject_sequence integer,
  type text not null,
  subject_type text not null,
  subject_id uuid not null,
  subject_number text,
  data jsonb not null,
  actor text not null,
  correlation_id uuid,
  causation_id uuid,
  traceparent text,
  at timestamp with time zone not null,
  constraint event_check CHECK ((("position" IS NULL) = (subject_sequence IS NULL))),
  constraint event_pkey PRIMARY KEY (id),
  constraint event_position_key UNIQUE ("position"),
  constraint event_subject_id_subject_sequence_key UNIQUE (subject_id, subject_sequence)
);
CREATE INDEX event_unpublished ON orderflow.event USING btree (sequence) WHERE ("position" IS NULL);
CREATE TRIGGER event_append_only BEFORE UPDATE ON orderflow.event FOR EACH ROW WHEN (((old."position" IS NOT NULL) OR ((((((((((((new.id IS DISTINCT FROM old.id) OR (new.sequence IS DISTINCT FROM old.sequence)) OR (new.type IS DISTINCT FROM old.type)) OR (new.subject_type IS DISTINCT FROM old.subject_type)) OR (new.subject_id IS DISTINCT FROM old.subject_id)) OR (new.subject_number IS DISTINCT FROM old.subject_number)) OR (new.data IS DISTINCT FROM old.data)) OR (new.actor IS DISTINCT FROM old.actor)) OR (new.correlation_id IS DISTINCT FROM old.correlation_id)) OR (new.causation_id IS DISTINCT FROM old.causation_id)) OR (new.traceparent IS DISTINCT FROM old.traceparent)) OR (new.at IS DISTINCT FROM old.at)))) EXECUTE FUNCTION orderflow.append_only();
CREATE TRIGGER event_kept BEFORE DELETE ON orderflow.event FOR EACH ROW EXECUTE FUNCTION orderflow.append_only();

create table orderflow.event_consumer (
  name text not null,
  url text,
  secret text,
  "position" bigint not null default 0,
  acknowledged_at timestamp with time zone,
  failures integer not null default 0,
  last_error text,
  next_at timestamp with time zone not null,
  revision integer not null default 1,
  created_by text not null,
  created_at timestamp with time zone not null,
  constraint event_consumer_check CHECK (((url IS NULL) = (secret IS NULL))),
  constraint event_consumer_name_check CHECK ((name ~ '^[a-z0-9][a-z0-9-]{0,62}$'::text)),
  constraint event_consumer_position_check CHECK (("position" >= 0)),
  constraint event_consumer_pkey PRIMARY KEY (name)
);

create table orderflow.flag (
  name text not null,
  enabled boolean not null default true,
  reason text,
  changed_by text not null default 'default'::text,
  changed_at timestamp with time zone not null default orderflow.now(),
  switched_on_at timestamp with time zone,
  revision integer not null default 1,
  constraint flag_check CHECK (((NOT enabled) OR (switched_on_at IS NOT NULL))),
  constraint flag_pkey PRIMARY KEY (name)
);

create table orderflow.flag_change (
  flag_name text not null,
  revision integer not null,
  enabled boolean not null,
  reason text not null,
  actor text not null,
  at timestamp with time zone not null,
  constraint flag_change_reason_check CHECK ((length(btrim(reason)) > 0)),
  constraint flag_change_flag_name_fkey FOREIGN KEY (flag_name) REFERENCES orderflow.flag(name),
  constraint flag_change_pkey PRIMARY KEY (flag_name, revision)
);
CREATE TRIGGER flag_change_append_only BEFORE DELETE OR UPDATE ON orderflow.flag_change FOR EACH ROW EXECUTE FUNCTION orderflow.append_only();

create table orderflow.fulfilment (
  id uuid not null,
  number text not null,
  sale_order_id uuid not null,
  location text not null,
  workflow_state text,
  workflow_context jsonb not null default '{}'::jsonb,
  transition_count integer not null default 0,
  process_instance_id uuid,
  backorder_of_id uuid,
  carrier text,
  tracking text,
  shipped_at timestamp with time zone,
  delivered_at timestamp with time zone,
  return_window_ends_at timestamp with time zone,
  closed_at timestamp with time zone,
  revision integer not null default 1,
  created_at timestamp with time zone not null,
  cancel_requested_at timestamp with time zone,
  cancel_reason text,
  legacy_status text,
  adopted_at timestamp with time zone,
  constraint fulfilment_adopted_from CHECK (((adopted_at IS NULL) OR (legacy_status IS NOT NULL))),
  constraint fulfilment_check CHECK (((delivered_at IS NULL) OR (shipped_at IS NOT NULL))),
  constraint fulfilment_shipped CHECK (((shipped_at IS NOT NULL) OR (workflow_state <> ALL (ARRAY['SHIPPED'::text, 'DELIVERY_EXCEPTION'::text, 'DELIVERED'::text, 'RETURN_REQUESTED'::text, 'COMPLETED'::text, 'RETURNED'::text, 'LOST'::text])))),
  constraint fulfilment_backorder_of_id_fkey FOREIGN KEY (backorder_of_id) REFERENCES orderflow.fulfilment(id),
  constraint fulfilment_process_instance_id_fkey FOREIGN KEY (process_instance_id) REFERENCES orderflow.process_instance(id),
  constraint fulfilment_sale_order_id_fkey FOREIGN KEY (sale_order_id) REFERENCES orderflow.sale_order(id),
  constraint fulfilment_pkey PRIMARY KEY (id),
  constraint fulfilment_number_key UNIQUE (number),
  constraint fulfilment_process_instance_id_key UNIQUE (process_instance_id)
);
CREATE INDEX fulfilment_open ON orderflow.fulfilment USING btree (workflow_state, created_at) WHERE (closed_at IS NULL);
CREATE INDEX fulfilment_sale ON orderflow.fulfilment USING btree (sale_order_id);

create table orderflow.fulfilment_line (
  id uuid not null,
  fulfilment_id uuid not null,
  sale_line_id uuid not null,
  quantity bigint not null,
  picked bigint,
  constraint fulfilment_line_check CHECK (((picked >= 0) AND (picked <= quantity))),
  constraint fulfilment_line_quantity_check CHECK ((quantity > 0)),
  constraint fulfilment_line_fulfilment_id_fkey FOREIGN KEY (fulfilment_id) REFERENCES orderflow.fulfilment(id) ON DELETE CASCADE,
  constraint fulfilment_line_sale_line_id_fkey FOREIGN KEY (sale_line_id) REFERENCES orderflow.sale_line(id),
  constraint fulfilment_line_pkey PRIMARY KEY (id),
  constraint fulfilment_line_fulfilment_id_sale_line_id_key UNIQUE (fulfilment_id, sale_line_id)
);

create table orderflow.incident (
  id uuid not null,
  instance_id uuid not null,
  wait_id uuid,
  message_id uuid,
  kind text not null,
  element_id text,
  message text not null,
  details jsonb not null default '{}'::jsonb,
  opened_at timestamp with time zone not null,
  retried_at timestamp with time zone,
  resolved_at timestamp with time zone,
  resolved_by text,
  payment_id uuid,
  fingerprint text not null,
  attempts integer not null default 0,
  failed_at timestamp with time zone,
  constraint incident_attempts_check CHECK ((attempts >= 0)),
  constraint incident_kind_check CHECK ((kind = ANY (ARRAY['job-failed'::text, 'step-failed'::text, 'stuck'::text, 'late-money'::text, 'call-failed'::text, 'stranded'::text]))),
  constraint incident_instance_id_fkey FOREIGN KEY (instance_id) REFERENCES orderflow.process_instance(id),
  constraint incident_message_id_fkey FOREIGN KEY (message_id) REFERENCES orderflow.message(id),
  constraint incident_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES orderflow.payment(id),
  constraint incident_wait_id_fkey FOREIGN KEY (wait_id) REFERENCES orderflow.wait(id),
  constraint incident_pkey PRIMARY KEY (id)
);
CREATE INDEX incident_cause ON orderflow.incident USING btree (fingerprint, opened_at);
CREATE INDEX incident_open ON orderflow.incident USING btree (instance_id) WHERE (resolved_at IS NULL);
CREATE UNIQUE INDEX incident_open_payment ON orderflow.incident USING btree (payment_id) WHERE ((resolved_at IS NULL) AND (payment_id IS NOT NULL));
CREATE UNIQUE INDEX incident_open_stranded ON orderflow.incident USING btree (instance_id) WHERE ((kind = 'stranded'::text) AND (wait_id IS NULL) AND (resolved_at IS NULL));
CREATE UNIQUE INDEX incident_open_wait ON orderflow.incident USING btree (wait_id) WHERE (resolved_at IS NULL);
CREATE TRIGGER incident_fingerprint BEFORE INSERT OR UPDATE OF kind, element_id, message ON orderflow.incident FOR EACH ROW EXECUTE FUNCTION orderflow.incident_fingerprint();

create table orderflow.incident_batch (
  id uuid not null,
  fingerprint text not null,
  reason text not null,
  asked_by text not null,
  asked_at timestamp with time zone not null,
  next_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  halted boolean not null default false,
  constraint incident_batch_check CHECK (((ended_at IS NOT NULL) OR (NOT halted))),
  constraint incident_batch_pkey PRIMARY KEY (id)
);
CREATE INDEX incident_batch_due ON orderflow.incident_batch USING btree (next_at) WHERE (ended_at IS NULL);

create table orderflow.incident_batch_item (
  batch_id uuid not null,
  incident_id uuid not null,
  asked_at timestamp with time zone,
  attempts integer,
  refusal text,
  constraint incident_batch_item_check CHECK (((asked_at IS NOT NULL) OR (attempts IS NULL))),
  constraint incident_batch_item_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES orderflow.incident_batch(id),
  constraint incident_batch_item_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES orderflow.incident(id),
  constraint incident_batch_item_pkey PRIMARY KEY (batch_id, incident_id)
);
CREATE INDEX incident_batch_item_left ON orderflow.incident_batch_item USING btree (batch_id) WHERE (asked_at IS NULL);

create table orderflow.instance_migration (
  instance_id uuid not null,
  revision integer not null,
  from_definition_id uuid not null,
  to_definition_id uuid not null,
  batch_id uuid,
  mapping jsonb not null,
  undoes integer,
  before jsonb,
  constraint instance_migration_check CHECK (((undoes IS NULL) = (before IS NOT NULL))),
  constraint instance_migration_check1 CHECK ((from_definition_id <> to_definition_id)),
  constraint instance_migration_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES orderflow.migration_batch(id),
  constraint instance_migration_from_definition_id_fkey FOREIGN KEY (from_definition_id) REFERENCES orderflow.process_definition(id),
  constraint instance_migration_instance_id_revision_fkey FOREIGN KEY (instance_id, revision) REFERENCES orderflow.step(instance_id, revision),
  constraint instance_migration_instance_id_undoes_fkey FOREIGN KEY (instance_id, undoes) REFERENCES orderflow.instance_migration(instance_id, revision),
  constraint instance_migration_to_definition_id_fkey FOREIGN KEY (to_definition_id) REFERENCES orderflow.process_definition(id),
  constraint instance_migration_pkey PRIMARY KEY (instance_id, revision),
  constraint instance_migration_instance_id_undoes_key UNIQUE (instance_id, undoes)
);
CREATE INDEX instance_migration_batch ON orderflow.instance_migration USING btree (batch_id) WHERE (batch_id IS NOT NULL);
CREATE TRIGGER instance_migration_append_only BEFORE DELETE OR UPDATE ON orderflow.instance_migration FOR EACH ROW EXECUTE FUNCTION orderflow.append_only();

create table orderflow.invoice (
  id uuid not null,
  number text not null,
  kind text not null,
  credit_profile_id uuid not null,
  sale_order_id uuid,
  fulfilment_id uuid,
  reference text not null,
  amount_minor bigint not null,
  open_minor bigint not null,
  currency text not null,
  issued_at timestamp with time zone not null,
  due_at timestamp with time zone not null,
  revision integer not null default 1,
  constraint invoice_amount_minor_check CHECK ((amount_minor > 0)),
  constraint invoice_check CHECK (((open_minor >= 0) AND (open_minor <= amount_minor))),
  constraint invoice_check1 CHECK ((due_at >= issued_at)),
  constraint invoice_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
  constraint invoice_kind_check CHECK ((kind = ANY (ARRAY['SHIPMENT'::text, 'RECEIVABLE'::text, 'CHARGEBACK'::text, 'OPENING'::text]))),
  constraint invoice_of_an_order CHECK (((sale_order_id IS NOT NULL) OR (kind = 'OPENING'::text))),
  constraint invoice_credit_profile_id_fkey FOREIGN KEY (credit_profile_id) REFERENCES orderflow.credit_profile(id),
  constraint invoice_fulfilment_id_fkey FOREIGN KEY (fulfilment_id) REFERENCES orderflow.fulfilment(id),
  constraint invoice_sale_order_id_fkey FOREIGN KEY (sale_order_id) REFERENCES orderflow.sale_order(id),
  constraint invoice_pkey PRIMARY KEY (id),
  constraint invoice_number_key UNIQUE (number),
  constraint invoice_reference_key UNIQUE (reference)
);
CREATE INDEX invoice_open ON orderflow.invoice USING btree (credit_profile_id, due_at) WHERE (open_minor > 0);
CREATE INDEX invoice_sale ON orderflow.invoice USING btree (sale_order_id, issued_at);

create table orderflow.invoice_entry (
  id uuid not null,
  invoice_id uuid not null,
  kind text not null,
  amount_minor bigint not null,
  reference text not null,
  at timestamp with time zone not null,
  constraint invoice_entry_amount_minor_check CHECK ((amount_minor > 0)),
  constraint invoice_entry_kind_check CHECK ((kind = ANY (ARRAY['ISSUED'::text, 'PAID'::text, 'FREED'::text, 'CREDITED'::text, 'WRITTEN_OFF'::text]))),
  constraint invoice_entry_invoice_id_fkey FOREIGN KEY (invoice_id) REFERENCES orderflow.invoice(id),
  constraint invoice_entry_pkey PRIMARY KEY (id),
  constraint invoice_entry_invoice_id_kind_reference_key UNIQUE (invoice_id, kind, reference)
);
CREATE TRIGGER invoice_entry_append_only BEFORE DELETE OR UPDATE ON orderflow.invoice_entry FOR EACH ROW EXECUTE FUNCTION orderflow.append_only();

create table orderflow.job_handler (
  job_type text not null,
  registered_at timestamp with time zone not null default orderflow.now(),
  constraint job_handler_pkey PRIMARY KEY (job_type)
);

create table orderflow.job_lease (
  token uuid not null,
  job_id uuid not null,
  worker text not null,
  actor text not null,
  leased_at timestamp with time zone not null,
  until timestamp with time zone not null,
  ended_at timestamp with time zone,
  outcome text,
  command_id uuid,
  constraint job_lease_check CHECK ((until > leased_at)),
  constraint job_lease_check1 CHECK (((ended_at IS NULL) = (outcome IS NULL))),
  constraint job_lease_check2 CHECK (((outcome = ANY (ARRAY['completed'::text, 'error'::text, 'failed'::text])) = (command_id IS NOT NULL))),
  constraint job_lease_outcome_check CHECK ((outcome = ANY (ARRAY['completed'::text, 'error'::text, 'failed'::text, 'expired'::text, 'withdrawn'::text]))),
  constraint job_lease_command_id_fkey FOREIGN KEY (command_id) REFERENCES orderflow.command(id),
  constraint job_lease_job_id_fkey FOREIGN KEY (job_id) REFERENCES orderflow.wait(id),
  constraint job_lease_pkey PRIMARY KEY (token)
);
CREATE INDEX job_lease_job ON orderflow.job_lease USING btree (job_id, leased_at);
CREATE UNIQUE INDEX job_lease_open ON orderflow.job_lease USING btree (job_id) WHERE (ended_at IS NULL);

create table orderflow.message (
  id uuid not null,
  sequence bigint not null generated always as identity,
  name text not null,
  correlation_key text not null,
  variables jsonb not null,
  source text not null,
  message_id text,
  received_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  next_at timestamp with time zone not null,
  attempts integer not null default 0,
  consumed_at timestamp with time zone,
  consumed_wait_id uuid,
  constraint message_consumed_wait_id_fkey FOREIGN KEY (consumed_wait_id) REFERENCES orderflow.wait(id),
  constraint message_pkey PRIMARY KEY (id),
  constraint message_source_message_id_key UNIQUE (source, message_id)
);
CREATE INDEX message_open ON orderflow.message USING btree (name, correlation_key, sequence) WHERE (consumed_at IS NULL);

create table orderflow.message_start (
  message_id uuid not null,
  process_id text not null,
  next_at timestamp with time zone not null,
  failures integer not null default 0,
  last_error text,
  done_at timestamp with time zone,
  instance_id uuid,
  constraint message_start_check CHECK (((instance_id IS NULL) OR (done_at IS NOT NULL))),
  constraint message_start_instance_id_fkey FOREIGN KEY (instance_id) REFERENCES orderflow.process_instance(id),
  constraint message_start_message_id_fkey FOREIGN KEY (message_id) REFERENCES orderflow.message(id),
  constraint message_start_pkey PRIMARY KEY (message_id, process_id)
);
CREATE INDEX message_start_open ON orderflow.message_start USING btree (next_at) WHERE (done_at IS NULL);
CREATE UNIQUE INDEX message_start_instance ON orderflow.message_start USING btree (instance_id) WHERE (instance_id IS NOT NULL);

create table orderflow.migration (
  id integer not null default nextval('orderflow.migration_id_seq'::regclass),
  "timestamp" bigint not null,
  name character varying not null,
  constraint "PK_3043fc6b8af7c99b8b98830094f" PRIMARY KEY (id)
);

create table orderflow.migration_batch (
  id uuid not null,
  process_id text not null,
  target_definition_id uuid not null,
  mapping jsonb not null,
  due_dates text not null,
  filter jsonb not null,
  reason text not null,
  status text not null,
  revision integer not null default 1,
  created_by text not null,
  created_at timestamp with time zone not null,
  executed_by text,
  executed_at timestamp with time zone,
  undone_by text,
  undone_at timestamp with time zone,
  undo_reason text,
  constraint migration_batch_check CHECK (((executed_by IS NULL) = (executed_at IS NULL))),
  constraint migration_batch_check1 CHECK ((num_nulls(undone_by, undone_at, undo_reason) = ANY (ARRAY[0, 3]))),
  constraint migration_batch_check2 CHECK (((status <> ALL (ARRAY['executing'::text, 'executed'::text, 'undoing'::text, 'undone'::text])) OR (executed_at IS NOT NULL))),
  constraint migration_batch_check3 CHECK (((status <> ALL (ARRAY['undoing'::text, 'undone'::text])) OR (undone_at IS NOT NULL))),
  constraint migration_batch_due_dates_check CHECK ((due_dates = ANY (ARRAY['keep'::text, 'anew'::text]))),
  constraint migration_batch_reason_check CHECK ((length(btrim(reason)) > 0)),
  constraint migration_batch_status_check CHECK ((status = ANY (ARRAY['planning'::text, 'planned'::text, 'cancelled'::text, 'executing'::text, 'executed'::text, 'undoing'::text, 'undone'::text]))),
  constraint migration_batch_target_definition_id_fkey FOREIGN KEY (target_definition_id) REFERENCES orderflow.process_definition(id),
  constraint migration_batch_pkey PRIMARY KEY (id)
);
CREATE INDEX migration_batch_busy ON orderflow.migration_batch USING btree (id) WHERE (status = ANY (ARRAY['planning'::text, 'executing'::text, 'undoing'::text]));
CREATE TRIGGER migration_batch_revision BEFORE UPDATE ON orderflow.migration_batch FOR EACH ROW EXECUTE FUNCTION orderflow.next_revision();

create table orderflow.migration_item (
  batch_id uuid not null,
  instance_id uuid not null,
  from_definition_id uuid not null,
  verdict text,
  outcome text,
  undo_outcome text,
  sentence text,
  obstacles jsonb not null default '[]'::jsonb,
  migrated_revision integer,
  todo text,
  next_at timestamp with time zone not null,
  failures integer not null default 0,
  changed_at timestamp with time zone not null,
  constraint migration_item_check CHECK ((((outcome = 'migrated'::text) IS TRUE) = (migrated_revision IS NOT NULL))),
  constraint migration_item_check1 CHECK (((undo_outcome IS NULL) OR (outcome = 'migrated'::text))),
  constraint migration_item_outcome_check CHECK ((outcome = ANY (ARRAY['migrated'::text, 'refused'::text, 'ended'::text, 'there'::text, 'failed'::text]))),
  constraint migration_item_todo_check CHECK ((todo = ANY (ARRAY['plan'::text, 'execute'::text, 'undo'::text]))),
  constraint migration_item_undo_outcome_check CHECK ((undo_outcome = ANY (ARRAY['undone'::text, 'moved-on'::text, 'failed'::text]))),
  constraint migration_item_verdict_check CHECK ((verdict = ANY (ARRAY['migrates'::text, 'refused'::text, 'ended'::text, 'there'::text]))),
  constraint migration_item_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES orderflow.migration_batch(id),
  constraint migration_item_from_definition_id_fkey FOREIGN KEY (from_definition_id) REFERENCES orderflow.process_definition(id),
  constraint migration_item_instance_id_fkey FOREIGN KEY (instance_id) REFERENCES orderflow.process_instance(id),
  constraint migration_item_pkey PRIMARY KEY (batch_id, instance_id)
);
CREATE INDEX migration_item_instance ON orderflow.migration_item USING btree (instance_id);
CREATE INDEX migration_item_todo ON orderflow.migration_item USING btree (next_at, batch_id, instance_id) WHERE (todo IS NOT NULL);

create table orderflow.outbox (
  id uuid not null,
  sequence bigint not null generated always as identity,
  wait_id uuid not null,
  instance_id uuid not null,
  job_type text not null,
  deliveries integer not null default 0,
  failures integer not null default 0,
  last_error text,
  traceparent text,
  created_at timestamp with time zone not null,
  next_at timestamp with time zone not null,
  done_at timestamp with time zone,
  cancelled_at timestamp with time zone,
  external boolean not null default false,
  lease_token uuid,
  leased_by text,
  begun_at timestamp with time zone,
  constraint outbox_check CHECK ((num_nonnulls(done_at, cancelled_at) <= 1)),
  constraint outbox_instance_id_fkey FOREIGN KEY (instance_id) REFERENCES orderflow.process_instance(id),
  constraint outbox_wait_id_fkey FOREIGN KEY (wait_id) REFERENCES orderflow.wait(id),
  constraint outbox_pkey PRIMARY KEY (id),
  constraint outbox_wait_id_key UNIQUE (wait_id)
) with (fillfactor=70);
CREATE INDEX outbox_due ON orderflow.outbox USING btree (next_at, sequence) WHERE ((NOT external) AND (done_at IS NULL) AND (cancelled_at IS NULL));
CREATE INDEX outbox_work ON orderflow.outbox USING btree (job_type, next_at, sequence) WHERE (external AND (done_at IS NULL) AND (cancelled_at IS NULL));

create table orderflow.override_decision (
  id uuid not null,
  override_request_id uuid not null,
  actor text not null,
  actor_roles text[] not null,
  decision text not null,
  reason text not null,
  at timestamp with time zone not null,
  on_behalf_of text,
  constraint override_decision_decision_check CHECK ((decision = ANY (ARRAY['APPROVE'::text, 'REJECT'::text]))),
  constraint override_decision_override_request_id_fkey FOREIGN KEY (override_request_id) REFERENCES orderflow.override_request(id),
  constraint override_decision_pkey PRIMARY KEY (id),
  constraint override_decision_override_request_id_actor_key UNIQUE (override_request_id, actor)
);
CREATE UNIQUE INDEX override_decision_principal ON orderflow.override_decision USING btree (override_request_id, COALESCE(on_behalf_of, actor));
CREATE TRIGGER override_decision_four_eyes BEFORE INSERT OR UPDATE ON orderflow.override_decision FOR EACH ROW EXECUTE FUNCTION orderflow.four_eyes();

create table orderflow.override_request (
  id uuid not null,
  kind text not null,
  subject_type text not null,
  subject_id uuid not null,
  subject_number text not null,
  subject_fingerprint text not null,
  scope jsonb not null,
  scope_amount_minor bigint,
  reason_code text not null,
  reason text not null,
  status text not null default 'PENDING'::text,
  requested_by text not null,
  requested_at timestamp with time zone not null,
  required_role text not null,
  required_approvals integer not null default 1,
  approvals_count integer not null default 0,
  decide_by timestamp with time zone not null,
  use_days integer not null,
  use_by timestamp with time zone,
  decided_at timestamp with time zone,
  consumed_at timestamp with time zone,
  decision_record_id uuid,
  revision integer not null default 1,
  requested_on_behalf_of text,
  parties text[] not null default '{}'::text[],
  revoked_by text,
  revocation_reason text,
  constraint override_request_check CHECK ((decide_by > requested_at)),
  constraint override_request_check1 CHECK (((status <> ALL (ARRAY['APPROVED'::text, 'CONSUMED'::text])) OR ((approvals_count >= required_approvals) AND (use_by IS NOT NULL)))),
  constraint override_request_check2 CHECK (((status = 'CONSUMED'::text) = (consumed_at IS NOT NULL))),
  constraint override_request_check3 CHECK (((status = 'REVOKED'::text) = (revoked_by IS NOT NULL))),
  constraint override_request_kind_check CHECK ((kind = ANY (ARRAY['ADMIN'::text, 'CREDIT'::text, 'PRICE'::text, 'STOCK'::text]))),
  constraint override_request_reason_check CHECK ((length(btrim(reason)) >= 10)),
  constraint override_request_required_approvals_check CHECK (((required_approvals >= 1) AND (required_approvals <= 3))),
  constraint override_request_status_check CHECK ((status = ANY (ARRAY['PENDING'::text, 'APPROVED'::text, 'REJECTED'::text, 'EXPIRED'::text, 'WITHDRAWN'::text, 'SUPERSEDED'::text, 'CONSUMED'::text, 'REVOKED'::text]))),
  constraint override_request_subject_type_check CHECK ((subject_type = ANY (ARRAY['quotation'::text, 'sale_order'::text, 'fulfilment'::text]))),
  constraint override_request_use_days_check CHECK ((use_days > 0)),
  constraint override_request_decision_record_id_fkey FOREIGN KEY (decision_record_id) REFERENCES orderflow.decision_record(id),
  constraint override_request_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX override_request_one_pending ON orderflow.override_request USING btree (subject_id, kind) WHERE (status = 'PENDING'::text);
CREATE TRIGGER override_request_flow BEFORE UPDATE ON orderflow.override_request FOR EACH ROW EXECUTE FUNCTION orderflow.override_request_flow();

create table orderflow.payment (
  id uuid not null,
  sale_order_id uuid not null,
  kind text not null,
  provider text not null,
  reference text not null,
  provider_reference text,
  parent_id uuid,
  amount_minor bigint not null,
  applied_minor bigint not null default 0,
  currency text not null,
  status text not null,
  failure_code text,
  occurred_at timestamp with time zone not null,
  recorded_at timestamp with time zone not null,
  fulfilment_id uuid,
  method text,
  reason text,
  attempts integer not null default 0,
  next_at timestamp with time zone,
  constraint payment_amount_minor_check CHECK ((amount_minor > 0)),
  constraint payment_attempts_check CHECK ((attempts >= 0)),
  constraint payment_check CHECK (((applied_minor >= 0) AND (applied_minor <= amount_minor))),
  constraint payment_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
  constraint payment_kind_check CHECK ((kind = ANY (ARRAY['INTENT'::text, 'AUTH'::text, 'CAPTURE'::text, 'REFUND'::text, 'VOID'::text, 'REVERSAL'::text, 'SETTLEMENT'::text]))),
  constraint payment_parent_check CHECK (((kind <> ALL (ARRAY['REFUND'::text, 'REVERSAL'::text])) OR (parent_id IS NOT NULL))),
  constraint payment_reversed_check CHECK (((status <> 'REVERSED'::text) OR (kind = 'CAPTURE'::text))),
  constraint payment_settled_check CHECK (((next_at IS NULL) OR (status = ANY (ARRAY['REQUESTED'::text, 'PENDING'::text, 'UNKNOWN'::text])))),
  constraint payment_status_check CHECK ((status = ANY (ARRAY['REQUESTED'::text, 'PENDING'::text, 'SUCCEEDED'::text, 'FAILED'::text, 'UNKNOWN'::text, 'REVERSED'::text]))),
  constraint payment_fulfilment_id_fkey FOREIGN KEY (fulfilment_id) REFERENCES orderflow.fulfilment(id),
  constraint payment_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES orderflow.payment(id),
  constraint payment_sale_order_id_fkey FOREIGN KEY (sale_order_id) REFERENCES orderflow.sale_order(id),
  constraint payment_pkey PRIMARY KEY (id),
  constraint payment_provider_kind_reference_key UNIQUE (provider, kind, reference)
);
CREATE INDEX payment_parent ON orderflow.payment USING btree (parent_id) WHERE (parent_id IS NOT NULL);
CREATE INDEX payment_provider_reference ON orderflow.payment USING btree (provider, provider_reference) WHERE (provider_reference IS NOT NULL);
CREATE INDEX payment_sale ON orderflow.payment USING btree (sale_order_id, recorded_at);
CREATE INDEX payment_unsettled ON orderflow.payment USING btree (next_at, id) WHERE (next_at IS NOT NULL);

create table orderflow.person (
  id text not null,
  roles text[] not null,
  revision integer not null default 1,
  constraint person_pkey PRIMARY KEY (id)
);

create table orderflow.phase_handoff (
  id uuid not null,
  hook text not null,
  source_id uuid not null,
  target_ids uuid[] not null,
  at timestamp with time zone not null,
  constraint phase_handoff_hook_check CHECK ((hook = ANY (ARRAY['onQuotationApproved'::text, 'onSaleCleared'::text]))),
  constraint phase_handoff_target_ids_check CHECK ((cardinality(target_ids) > 0)),
  constraint phase_handoff_pkey PRIMARY KEY (id),
  constraint phase_handoff_source_id_hook_key UNIQUE (source_id, hook)
);

create table orderflow.price (
  id uuid not null,
  sku text not null,
  currency text not null,
  tier text,
  min_quantity bigint not null default 1,
  unit_price_minor bigint not null,
  valid_from date not null,
  valid_to date,
  constraint price_check CHECK ((valid_to >= valid_from)),
  constraint price_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
  constraint price_min_quantity_check CHECK ((min_quantity > 0)),
  constraint price_tier_check CHECK ((tier = ANY (ARRAY['STANDARD'::text, 'GOLD'::text]))),
  constraint price_unit_price_minor_check CHECK ((unit_price_minor >= 0)),
  constraint price_sku_fkey FOREIGN KEY (sku) REFERENCES orderflow.product(sku),
  constraint price_pkey PRIMARY KEY (id)
);
CREATE INDEX price_sku ON orderflow.price USING btree (sku, currency);

create table orderflow.process_definition (
  id uuid not null,
  deployment_id uuid not null,
  process_id text not null,
  version integer not null,
  resource_name text not null,
  version_tag text,
  constraint process_definition_version_check CHECK ((version >= 1)),
  constraint process_definition_deployment_id_fkey FOREIGN KEY (deployment_id) REFERENCES orderflow.deployment(id),
  constraint process_definition_pkey PRIMARY KEY (id),
  constraint process_definition_deployment_id_process_id_key UNIQUE (deployment_id, process_id),
  constraint process_definition_process_id_version_key UNIQUE (process_id, version)
);
CREATE INDEX process_definition_tag ON orderflow.process_definition USING btree (process_id, version_tag, version) WHERE (version_tag IS NOT NULL);

create table orderflow.process_instance (
  id uuid not null,
  process_definition_id uuid not null,
  process_id text not null,
  business_key text not null,
  subject_type text,
  subject_id uuid,
  status text not null,
  revision integer not null default 0,
  state_hash text,
  variables jsonb not null,
  log_head text,
  started_by text not null,
  started_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  correlation_id uuid,
  suspended_at timestamp with time zone,
  suspended_by text,
  suspension_reason text,
  flags jsonb not null default '{}'::jsonb,
  locals jsonb not null default '{}'::jsonb,
  parent_instance_id uuid,
  parent_wait_id uuid,
  call_depth integer not null default 0,
  constraint process_instance_call_depth_check CHECK (((call_depth >= 0) AND (call_depth <= 5))),
  constraint process_instance_check CHECK (((subject_type IS NULL) = (subject_id IS NULL))),
  constraint process_instance_check1 CHECK (((status = 'running'::text) = (ended_at IS NULL))),
  constraint process_instance_check2 CHECK (((status <> 'running'::text) OR (state_hash IS NOT NULL) OR (revision = 0))),
  constraint process_instance_check3 CHECK (((parent_instance_id IS NULL) = (parent_wait_id IS NULL))),
  constraint process_instance_check4 CHECK (((parent_instance_id IS NULL) = (call_depth = 0))),
  constraint process_instance_check5 CHECK (((status <> 'failed'::text) OR (parent_wait_id IS NOT NULL))),
  constraint process_instance_locals_check CHECK ((jsonb_typeof(locals) = 'object'::text)),
  constraint process_instance_status_check CHECK ((status = ANY (ARRAY['running'::text, 'completed'::text, 'cancelled'::text, 'failed'::text]))),
  constraint process_instance_subject_type_check CHECK ((subject_type = ANY (ARRAY['quotation'::text, 'sale_order'::text, 'fulfilment'::text, 'return_request'::text]))),
  constraint process_instance_suspension CHECK (((num_nonnulls(suspended_at, suspended_by, suspension_reason) = ANY (ARRAY[0, 3])) AND ((suspended_at IS NULL) OR (status = 'running'::text)))),
  constraint process_instance_parent_instance_id_fkey FOREIGN KEY (parent_instance_id) REFERENCES orderflow.process_instance(id),
  constraint process_instance_parent_wait_id_fkey FOREIGN KEY (parent_wait_id) REFERENCES orderflow.wait(id),
  constraint process_instance_process_definition_id_fkey FOREIGN KEY (process_definition_id) REFERENCES orderflow.process_definition(id),
  constraint process_instance_process_definition_id_state_hash_fkey FOREIGN KEY (process_definition_id, state_hash) REFERENCES orderflow.engine_state(process_definition_id, hash),
  constraint process_instance_pkey PRIMARY KEY (id)
) with (fillfactor=70);
CREATE INDEX process_instance_key ON orderflow.process_instance USING btree (business_key);
CREATE INDEX process_instance_parent ON orderflow.process_instance USING btree (parent_instance_id, started_at) WHERE (parent_instance_id IS NOT NULL);
CREATE INDEX process_instance_subject ON orderflow.process_instance USING btree (subject_id) WHERE (subject_id IS NOT NULL);
CREATE INDEX process_instance_suspended ON orderflow.process_instance USING btree (id) WHERE (suspended_at IS NOT NULL);
CREATE UNIQUE INDEX process_instance_active_key ON orderflow.process_instance USING btree (process_id, business_key) WHERE (status = 'running'::text);
CREATE UNIQUE INDEX process_instance_called ON orderflow.process_instance USING btree (parent_wait_id) WHERE ((parent_wait_id IS NOT NULL) AND (status <> 'cancelled'::text));
CREATE TRIGGER process_instance_revision BEFORE UPDATE ON orderflow.process_instance FOR EACH ROW EXECUTE FUNCTION orderflow.next_revision();

create table orderflow.product (
  id uuid not null,
  sku text not null,
  name text not null,
  currency text not null,
  list_price_minor bigint not null,
  cost_minor bigint not null,
  tax_class text not null default 'NONE'::text,
  line_policy text not null default 'BACKORDER'::text,
  replenish_days integer not null default 7,
  return_window_seconds integer not null default 2592000,
  revision integer not null default 1,
  restricted boolean not null default false,
  goods_class text not null default 'STANDARD'::text,
  constraint product_cost_minor_check CHECK ((cost_minor >= 0)),
  constraint product_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
  constraint product_goods_class_check CHECK ((goods_class = ANY (ARRAY['STANDARD'::text, 'CUSTOM_MADE'::text, 'PERISHABLE'::text]))),
  constraint product_line_policy_check CHECK ((line_policy = ANY (ARRAY['BACKORDER'::text, 'NO_BACKORDER'::text, 'DISCONTINUED'::text]))),
  constraint product_list_price_minor_check CHECK ((list_price_minor >= 0)),
  constraint product_replenish_days_check CHECK ((replenish_days >= 0)),
  constraint product_return_window_seconds_check CHECK ((return_window_seconds >= 0)),
  constraint product_pkey PRIMARY KEY (id),
  constraint product_sku_key UNIQUE (sku)
);

create table orderflow.quotation (
  id uuid not null,
  number text not null,
  customer_id uuid not null,
  currency text not null,
  note text,
  offer_revision integer not null default 1,
  workflow_state text,
  workflow_context jsonb not null default '{}'::jsonb,
  transition_count integer not null default 0,
  process_instance_id uuid,
  total_minor bigint not null default 0,
  max_line_discount_bp integer not null default 0,
  margin_bp integer,
  fingerprint text,
  valid_until timestamp with time zone,
  sent_at timestamp with time zone,
  accepted_at timestamp with time zone,
  closed_at timestamp with time zone,
  revision integer not null default 1,
  created_by text not null,
  created_at timestamp with time zone not null,
  remind_at timestamp with time zone,
  reminded_at timestamp with time zone,
  authors text[] not null default '{}'::text[],
  legacy_status text,
  adopted_at timestamp with time zone,
  constraint quotation_adopted_from CHECK (((adopted_at IS NULL) OR (legacy_status IS NOT NULL))),
  constraint quotation_check CHECK (((workflow_state <> 'SENT'::text) OR ((valid_until IS NOT NULL) AND (fingerprint IS NOT NULL)))),
  constraint quotation_check1 CHECK (((workflow_state <> 'APPROVED'::text) OR (accepted_at IS NOT NULL))),
  constraint quotation_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
  constraint quotation_max_line_discount_bp_check CHECK (((max_line_discount_bp >= 0) AND (max_line_discount_bp <= 10000))),
  constraint quotation_offer_revision_check CHECK ((offer_revision >= 1)),
  constraint quotation_total_minor_check CHECK ((total_minor >= 0)),
  constraint quotation_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES orderflow.customer(id),
  constraint quotation_process_instance_id_fkey FOREIGN KEY (process_instance_id) REFERENCES orderflow.process_instance(id),
  constraint quotation_pkey PRIMARY KEY (id),
  constraint quotation_number_key UNIQUE (number),
  constraint quotation_process_instance_id_key UNIQUE (process_instance_id)
);
CREATE INDEX quotation_customer ON orderflow.quotation USING btree (customer_id, created_at DESC);

create table orderflow.quotation_line (
  id uuid not null,
  quotation_id uuid not null,
  line_no integer not null,
  sku text not null,
  quantity bigint not null,
  unit_price_minor bigint not null,
  discount_bp integer not null default 0,
  tax_bp integer not null default 0,
  follows_list boolean not null default false,
  constraint quotation_line_discount_bp_check CHECK (((discount_bp >= 0) AND (discount_bp <= 10000))),
  constraint quotation_line_quantity_check CHECK ((quantity > 0)),
  constraint quotation_line_tax_bp_check CHECK (((tax_bp >= 0) AND (tax_bp <= 10000))),
  constraint quotation_line_unit_price_minor_check CHECK ((unit_price_minor >= 0)),
  constraint quotation_line_quotation_id_fkey FOREIGN KEY (quotation_id) REFERENCES orderflow.quotation(id) ON DELETE CASCADE,
  constraint quotation_line_sku_fkey FOREIGN KEY (sku) REFERENCES orderflow.product(sku),
  constraint quotation_line_pkey PRIMARY KEY (id),
  constraint quotation_line_quotation_id_line_no_key UNIQUE (quotation_id, line_no)
);

create table orderflow.quotation_revision (
  quotation_id uuid not null,
  offer_revision integer not null,
  lines jsonb not null,
  total_minor bigint not null,
  max_line_discount_bp integer not null,
  margin_bp integer,
  fingerprint text not null,
  sent_at timestamp with time zone,
  valid_until timestamp with time zone,
  superseded_at timestamp with time zone not null,
  constraint quotation_revision_offer_revision_check CHECK ((offer_revision >= 1)),
  constraint quotation_revision_quotation_id_fkey FOREIGN KEY (quotation_id) REFERENCES orderflow.quotation(id) ON DELETE CASCADE,
  constraint quotation_revision_pkey PRIMARY KEY (quotation_id, offer_revision)
);
CREATE TRIGGER quotation_revision_append_only BEFORE DELETE OR UPDATE ON orderflow.quotation_revision FOR EACH ROW EXECUTE FUNCTION orderflow.append_only();

create table orderflow.return_line (
  id uuid not null,
  return_request_id uuid not null,
  sale_line_id uuid not null,
  requested bigint not null,
  accepted bigint not null default 0,
  good bigint not null default 0,
  constraint return_line_accepted_check CHECK ((accepted >= 0)),
  constraint return_line_check CHECK ((accepted <= requested)),
  constraint return_line_check1 CHECK ((good <= accepted)),
  constraint return_line_good_check CHECK ((good >= 0)),
  constraint return_line_requested_check CHECK ((requested > 0)),
  constraint return_line_return_request_id_fkey FOREIGN KEY (return_request_id) REFERENCES orderflow.return_request(id) ON DELETE CASCADE,
  constraint return_line_sale_line_id_fkey FOREIGN KEY (sale_line_id) REFERENCES orderflow.sale_line(id),
  constraint return_line_pkey PRIMARY KEY (id),
  constraint return_line_return_request_id_sale_line_id_key UNIQUE (return_request_id, sale_line_id)
);
CREATE INDEX return_line_sale_line ON orderflow.return_line USING btree (sale_line_id);

create table orderflow.return_request (
  id uuid not null,
  number text not null,
  fulfilment_id uuid not null,
  sale_order_id uuid not null,
  workflow_state text,
  workflow_context jsonb not null default '{}'::jsonb,
  transition_count integer not null default 0,
  process_instance_id uuid,
  reason text not null,
  requested_by text not null,
  requested_at timestamp with time zone not null,
  rma_number text,
  rma_expires_at timestamp with time zone,
  received_at timestamp with time zone,
  restocked_at timestamp with time zone,
  refund_minor bigint not null default 0,
  fee_minor bigint not null default 0,
  closed_at timestamp with time zone,
  revision integer not null default 1,
  legacy_status text,
  adopted_at timestamp with time zone,
  constraint return_request_adopted_from CHECK (((adopted_at IS NULL) OR (legacy_status IS NOT NULL))),
  constraint return_request_check CHECK (((rma_number IS NULL) = (rma_expires_at IS NULL))),
  constraint return_request_check1 CHECK (((restocked_at IS NULL) OR (received_at IS NOT NULL))),
  constraint return_request_fee_minor_check CHECK ((fee_minor >= 0)),
  constraint return_request_reason_check CHECK ((reason = ANY (ARRAY['WRONG_ITEM'::text, 'DAMAGED_IN_TRANSIT'::text, 'DEFECT'::text, 'CHANGED_MIND'::text]))),
  constraint return_request_refund_minor_check CHECK ((refund_minor >= 0)),
  constraint return_request_fulfilment_id_fkey FOREIGN KEY (fulfilment_id) REFERENCES orderflow.fulfilment(id),
  constraint return_request_process_instance_id_fkey FOREIGN KEY (process_instance_id) REFERENCES orderflow.process_instance(id),
  constraint return_request_sale_order_id_fkey FOREIGN KEY (sale_order_id) REFERENCES orderflow.sale_order(id),
  constraint return_request_pkey PRIMARY KEY (id),
  constraint return_request_number_key UNIQUE (number),
  constraint return_request_process_instance_id_key UNIQUE (process_instance_id),
  constraint return_request_rma_number_key UNIQUE (rma_number)
);
CREATE INDEX return_request_fulfilment ON orderflow.return_request USING btree (fulfilment_id);
CREATE INDEX return_request_sale ON orderflow.return_request USING btree (sale_order_id);

create table orderflow.sale_line (
  id uuid not null,
  sale_order_id uuid not null,
  line_no integer not null,
  sku text not null,
  unit_price_minor bigint not null,
  discount_bp integer not null default 0,
  ordered bigint not null,
  cancelled bigint not null default 0,
  reserved bigint not null default 0,
  backordered bigint not null default 0,
  shipped bigint not null default 0,
  delivered bigint not null default 0,
  tax_bp integer not null default 0,
  lost bigint not null default 0,
  return_requested bigint not null default 0,
  returned bigint not null default 0,
  constraint line_budget CHECK (((((cancelled + reserved) + backordered) + shipped) <= ordered)),
  constraint line_delivery CHECK (((delivered + lost) <= shipped)),
  constraint line_return CHECK (((return_requested + returned) <= delivered)),
  constraint sale_line_backordered_check CHECK ((backordered >= 0)),
  constraint sale_line_cancelled_check CHECK ((cancelled >= 0)),
  constraint sale_line_delivered_check CHECK ((delivered >= 0)),
  constraint sale_line_discount_bp_check CHECK (((discount_bp >= 0) AND (discount_bp <= 10000))),
  constraint sale_line_lost_check CHECK ((lost >= 0)),
  constraint sale_line_ordered_check CHECK ((ordered > 0)),
  constraint sale_line_reserved_check CHECK ((reserved >= 0)),
  constraint sale_line_return_requested_check CHECK ((return_requested >= 0)),
  constraint sale_line_returned_check CHECK ((returned >= 0)),
  constraint sale_line_shipped_check CHECK ((shipped >= 0)),
  constraint sale_line_tax_bp_check CHECK (((tax_bp >= 0) AND (tax_bp <= 10000))),
  constraint sale_line_unit_price_minor_check CHECK ((unit_price_minor >= 0)),
  constraint sale_line_sale_order_id_fkey FOREIGN KEY (sale_order_id) REFERENCES orderflow.sale_order(id) ON DELETE CASCADE,
  constraint sale_line_sku_fkey FOREIGN KEY (sku) REFERENCES orderflow.product(sku),
  constraint sale_line_pkey PRIMARY KEY (id),
  constraint sale_line_sale_order_id_line_no_key UNIQUE (sale_order_id, line_no)
);

create table orderflow.sale_order (
  id uuid not null,
  number text not null,
  quotation_id uuid,
  customer_id uuid not null,
  currency text not null,
  workflow_state text,
  workflow_context jsonb not null default '{}'::jsonb,
  transition_count integer not null default 0,
  process_instance_id uuid,
  fingerprint text not null,
  total_minor bigint not null,
  on_terms_minor bigint not null default 0,
  prepay_minor bigint not null default 0,
  captured_minor bigint not null default 0,
  refunded_minor bigint not null default 0,
  unapplied_minor bigint not null default 0,
  payment_method text,
  cancel_reason text,
  cancel_requested_at timestamp with time zone,
  cleared_at timestamp with time zone,
  closed_at timestamp with time zone,
  revision integer not null default 1,
  created_by text not null,
  created_at timestamp with time zone not null,
  authorized_minor bigint not null default 0,
  overcapture_allowed_minor bigint not null default 0,
  authors text[] not null default '{}'::text[],
  legacy_status text,
  adopted_at timestamp with time zone,
  constraint capture_cap CHECK (((captured_minor - refunded_minor) <= (total_minor + overcapture_allowed_minor))),
  constraint payable_split CHECK (((on_terms_minor + prepay_minor) <= total_minor)),
  constraint refund_cap CHECK ((refunded_minor <= captured_minor)),
  constraint sale_order_adopted_from CHECK (((adopted_at IS NULL) OR (legacy_status IS NOT NULL))),
  constraint sale_order_authorized_minor_check CHECK ((authorized_minor >= 0)),
  constraint sale_order_captured_minor_check CHECK ((captured_minor >= 0)),
  constraint sale_order_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
  constraint sale_order_on_terms_minor_check CHECK ((on_terms_minor >= 0)),
  constraint sale_order_overcapture_allowed_minor_check CHECK ((overcapture_allowed_minor >= 0)),
  constraint sale_order_payment_method_check CHECK ((payment_method = ANY (ARRAY['TERMS'::text, 'PREPAY'::text, 'CARD'::text, 'DEPOSIT'::text]))),
  constraint sale_order_prepay_minor_check CHECK ((prepay_minor >= 0)),
  constraint sale_order_refunded_minor_check CHECK ((refunded_minor >= 0)),
  constraint sale_order_total_minor_check CHECK ((total_minor >= 0)),
  constraint sale_order_unapplied_minor_check CHECK ((unapplied_minor >= 0)),
  constraint terminal_closed CHECK (((workflow_state <> ALL (ARRAY['COMPLETED'::text, 'CANCELLED'::text, 'REJECTED'::text])) OR (closed_at IS NOT NULL))),
  constraint sale_order_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES orderflow.customer(id),
  constraint sale_order_process_instance_id_fkey FOREIGN KEY (process_instance_id) REFERENCES orderflow.process_instance(id),
  constraint sale_order_quotation_id_fkey FOREIGN KEY (quotation_id) REFERENCES orderflow.quotation(id),
  constraint sale_order_pkey PRIMARY KEY (id),
  constraint sale_order_number_key UNIQUE (number),
  constraint sale_order_process_instance_id_key UNIQUE (process_instance_id),
  constraint sale_order_quotation_id_key UNIQUE (quotation_id)
);
CREATE INDEX sale_order_customer ON orderflow.sale_order USING btree (customer_id, created_at DESC);
CREATE INDEX sale_order_state ON orderflow.sale_order USING btree (workflow_state, created_at) WHERE (workflow_state <> ALL (ARRAY['COMPLETED'::text, 'CANCELLED'::text, 'REJECTED'::text]));

create table orderflow.sales_aggregate (
  customer_id uuid not null,
  currency text not null,
  as_of date not null,
  orders integer not null default 0,
  sales_minor bigint not null default 0,
  first_order_at timestamp with time zone,
  last_order_at timestamp with time zone,
  computed_at timestamp with time zone not null,
  constraint sales_aggregate_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
  constraint sales_aggregate_orders_check CHECK ((orders >= 0)),
  constraint sales_aggregate_sales_minor_check CHECK ((sales_minor >= 0)),
  constraint sales_aggregate_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES orderflow.customer(id),
  constraint sales_aggregate_pkey PRIMARY KEY (customer_id, currency, as_of)
);

create table orderflow.signal (
  id uuid not null,
  sequence bigint not null generated always as identity,
  name text not null,
  variables jsonb not null,
  source text not null,
  thrown_as text,
  at timestamp with time zone not null,
  constraint signal_pkey PRIMARY KEY (id),
  constraint signal_source_thrown_as_key UNIQUE (source, thrown_as)
);

create table orderflow.signal_delivery (
  id uuid not null,
  signal_id uuid not null,
  sequence bigint not null,
  wait_id uuid,
  instance_id uuid,
  slot text,
  process_id text,
  next_at timestamp with time zone not null,
  tried_at timestamp with time zone,
  failures integer not null default 0,
  last_error text,
  done_at timestamp with time zone,
  received_wait_id uuid,
  started_instance_id uuid,
  constraint signal_delivery_check CHECK (((wait_id IS NULL) = (process_id IS NOT NULL))),
  constraint signal_delivery_check1 CHECK ((((wait_id IS NULL) = (instance_id IS NULL)) AND ((wait_id IS NULL) = (slot IS NULL)))),
  constraint signal_delivery_check2 CHECK (((num_nonnulls(received_wait_id, started_instance_id) = 0) OR (done_at IS NOT NULL))),
  constraint signal_delivery_check3 CHECK (((received_wait_id IS NULL) OR (wait_id IS NOT NULL))),
  constraint signal_delivery_check4 CHECK (((started_instance_id IS NULL) OR (process_id IS NOT NULL))),
  constraint signal_delivery_instance_id_fkey FOREIGN KEY (instance_id) REFERENCES orderflow.process_instance(id),
  constraint signal_delivery_received_wait_id_fkey FOREIGN KEY (received_wait_id) REFERENCES orderflow.wait(id),
  constraint signal_delivery_signal_id_fkey FOREIGN KEY (signal_id) REFERENCES orderflow.signal(id),
  constraint signal_delivery_started_instance_id_fkey FOREIGN KEY (started_instance_id) REFERENCES orderflow.process_instance(id),
  constraint signal_delivery_wait_id_fkey FOREIGN KEY (wait_id) REFERENCES orderflow.wait(id),
  constraint signal_delivery_pkey PRIMARY KEY (id),
  constraint signal_delivery_signal_id_process_id_key UNIQUE (signal_id, process_id),
  constraint signal_delivery_signal_id_wait_id_key UNIQUE (signal_id, wait_id)
);
CREATE INDEX signal_delivery_instance ON orderflow.signal_delivery USING btree (instance_id, sequence) WHERE (done_at IS NULL);
CREATE INDEX signal_delivery_open ON orderflow.signal_delivery USING btree (next_at) WHERE (done_at IS NULL);
CREATE UNIQUE INDEX signal_delivery_received ON orderflow.signal_delivery USING btree (received_wait_id) WHERE (received_wait_id IS NOT NULL);
CREATE UNIQUE INDEX signal_delivery_started ON orderflow.signal_delivery USING btree (started_instance_id) WHERE (started_instance_id IS NOT NULL);

create table orderflow.start_event (
  process_id text not null,
  element_id text not null,
  process_definition_id uuid not null,
  kind text not null,
  name text,
  timer_type text,
  timer_text text,
  properties jsonb not null default '{}'::jsonb,
  due_at timestamp with time zone,
  repeat_left integer,
  repeat_interval text,
  next_at timestamp with time zone,
  firings integer not null default 0,
  fired_at timestamp with time zone,
  failures integer not null default 0,
  last_error text,
  constraint start_event_check CHECK (((kind = 'timer'::text) = (name IS NULL))),
  constraint start_event_check1 CHECK (((kind = 'timer'::text) = (num_nonnulls(timer_type, timer_text) = 2))),
  constraint start_event_check2 CHECK (((due_at IS NULL) = (next_at IS NULL))),
  constraint start_event_kind_check CHECK ((kind = ANY (ARRAY['message'::text, 'signal'::text, 'timer'::text]))),
  constraint start_event_timer_type_check CHECK ((timer_type = ANY (ARRAY['timeDate'::text, 'timeDuration'::text, 'timeCycle'::text]))),
  constraint start_event_process_definition_id_fkey FOREIGN KEY (process_definition_id) REFERENCES orderflow.process_definition(id),
  constraint start_event_pkey PRIMARY KEY (process_id, element_id)
);
CREATE INDEX start_event_due ON orderflow.start_event USING btree (next_at) WHERE (next_at IS NOT NULL);
CREATE INDEX start_event_name ON orderflow.start_event USING btree (kind, name) WHERE (name IS NOT NULL);

create table orderflow.step (
  instance_id uuid not null,
  revision integer not null,
  trigger text not null,
  element_id text,
  wait_id uuid,
  actor text not null,
  on_behalf_of text,
  command_id uuid,
  opened uuid[] not null,
  closed uuid[] not null,
  trail jsonb not null,
  asked jsonb not null,
  state_hash text,
  traceparent text,
  at timestamp with time zone not null,
  prev_hash text,
  hash text not null,
  reason text,
  constraint step_revision_check CHECK ((revision >= 1)),
  constraint step_command_id_fkey FOREIGN KEY (command_id) REFERENCES orderflow.command(id),
  constraint step_instance_id_fkey FOREIGN KEY (instance_id) REFERENCES orderflow.process_instance(id),
  constraint step_wait_id_fkey FOREIGN KEY (wait_id) REFERENCES orderflow.wait(id),
  constraint step_pkey PRIMARY KEY (instance_id, revision)
);
CREATE INDEX step_wait ON orderflow.step USING btree (wait_id) WHERE (wait_id IS NOT NULL);
CREATE TRIGGER step_append_only BEFORE DELETE OR UPDATE ON orderflow.step FOR EACH ROW EXECUTE FUNCTION orderflow.append_only();

create table orderflow.stock_level (
  id uuid not null,
  sku text not null,
  location text not null,
  on_hand bigint not null default 0,
  reserved bigint not null default 0,
  safety bigint not null default 0,
  revision integer not null default 1,
  constraint reserved_le_on_hand CHECK ((reserved <= on_hand)),
  constraint stock_level_on_hand_check CHECK ((on_hand >= 0)),
  constraint stock_level_reserved_check CHECK ((reserved >= 0)),
  constraint stock_level_safety_check CHECK ((safety >= 0)),
  constraint stock_level_sku_fkey FOREIGN KEY (sku) REFERENCES orderflow.product(sku),
  constraint stock_level_pkey PRIMARY KEY (id),
  constraint stock_level_sku_location_key UNIQUE (sku, location)
);

create table orderflow.stock_movement (
  id uuid not null,
  stock_level_id uuid not null,
  kind text not null,
  quantity bigint not null,
  reference text not null,
  at timestamp with time zone not null,
  constraint stock_movement_kind_check CHECK ((kind = ANY (ARRAY['RECEIVED'::text, 'RESERVED'::text, 'RELEASED'::text, 'SHIPPED'::text, 'RETURNED'::text, 'SCRAPPED'::text, 'COUNTED'::text]))),
  constraint stock_movement_quantity_check CHECK ((quantity <> 0)),
  constraint stock_movement_stock_level_id_fkey FOREIGN KEY (stock_level_id) REFERENCES orderflow.stock_level(id),
  constraint stock_movement_pkey PRIMARY KEY (id),
  constraint stock_movement_stock_level_id_kind_reference_key UNIQUE (stock_level_id, kind, reference)
);
CREATE TRIGGER stock_movement_append_only BEFORE DELETE OR UPDATE ON orderflow.stock_movement FOR EACH ROW EXECUTE FUNCTION orderflow.append_only();

create table orderflow.stock_reservation (
  id uuid not null,
  stock_level_id uuid not null,
  sale_line_id uuid not null,
  fulfilment_id uuid,
  quantity bigint not null,
  status text not null,
  expires_at timestamp with time zone,
  job_key text not null,
  created_at timestamp with time zone not null,
  override_request_id uuid,
  constraint stock_reservation_check CHECK (((status = 'SOFT'::text) = (expires_at IS NOT NULL))),
  constraint stock_reservation_quantity_check CHECK ((quantity > 0)),
  constraint stock_reservation_status_check CHECK ((status = ANY (ARRAY['SOFT'::text, 'FIRM'::text, 'SHIPPED'::text, 'RELEASED'::text, 'EXPIRED'::text]))),
  constraint stock_reservation_fulfilment_id_fkey FOREIGN KEY (fulfilment_id) REFERENCES orderflow.fulfilment(id),
  constraint stock_reservation_override_request_id_fkey FOREIGN KEY (override_request_id) REFERENCES orderflow.override_request(id),
  constraint stock_reservation_sale_line_id_fkey FOREIGN KEY (sale_line_id) REFERENCES orderflow.sale_line(id),
  constraint stock_reservation_stock_level_id_fkey FOREIGN KEY (stock_level_id) REFERENCES orderflow.stock_level(id),
  constraint stock_reservation_pkey PRIMARY KEY (id),
  constraint stock_reservation_job_key_line_level_key UNIQUE (job_key, sale_line_id, stock_level_id)
);
CREATE INDEX stock_reservation_expiry ON orderflow.stock_reservation USING btree (expires_at) WHERE (status = 'SOFT'::text);
CREATE INDEX stock_reservation_fulfilment ON orderflow.stock_reservation USING btree (fulfilment_id) WHERE (fulfilment_id IS NOT NULL);
CREATE INDEX stock_reservation_level ON orderflow.stock_reservation USING btree (stock_level_id) WHERE (status = ANY (ARRAY['SOFT'::text, 'FIRM'::text]));
CREATE INDEX stock_reservation_line ON orderflow.stock_reservation USING btree (sale_line_id);
CREATE UNIQUE INDEX stock_reservation_one_active ON orderflow.stock_reservation USING btree (sale_line_id, stock_level_id) WHERE ((status = ANY (ARRAY['SOFT'::text, 'FIRM'::text])) AND (fulfilment_id IS NULL));

create table orderflow.stranded (
  key text not null,
  finding text not null,
  instance_id uuid not null,
  wait_id uuid,
  message_id uuid,
  element_id text,
  message text not null,
  first_seen_at timestamp with time zone not null,
  looks integer not null default 1,
  incident_id uuid,
  constraint stranded_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES orderflow.incident(id),
  constraint stranded_instance_id_fkey FOREIGN KEY (instance_id) REFERENCES orderflow.process_instance(id),
  constraint stranded_message_id_fkey FOREIGN KEY (message_id) REFERENCES orderflow.message(id),
  constraint stranded_wait_id_fkey FOREIGN KEY (wait_id) REFERENCES orderflow.wait(id),
  constraint stranded_pkey PRIMARY KEY (key)
);

create table orderflow.suspension (
  id uuid not null,
  kind text not null,
  ref text not null,
  reason text not null,
  suspended_by text not null,
  suspended_at timestamp with time zone not null,
  resumed_at timestamp with time zone,
  resumed_by text,
  resume_reason text,
  constraint suspension_check CHECK ((num_nonnulls(resumed_at, resumed_by, resume_reason) = ANY (ARRAY[0, 3]))),
  constraint suspension_kind_check CHECK ((kind = ANY (ARRAY['process'::text, 'definition'::text, 'job-type'::text]))),
  constraint suspension_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX suspension_active ON orderflow.suspension USING btree (kind, ref) WHERE (resumed_at IS NULL);

create table orderflow.sweep (
  name text not null,
  next_at timestamp with time zone not null,
  constraint sweep_pkey PRIMARY KEY (name)
);

create table orderflow.tax_rate (
  tax_class text not null,
  valid_from date not null,
  rate_bp integer not null,
  constraint tax_rate_rate_bp_check CHECK (((rate_bp >= 0) AND (rate_bp <= 10000))),
  constraint tax_rate_pkey PRIMARY KEY (tax_class, valid_from)
);

create table orderflow.transition (
  entity_type text not null,
  entity_id uuid not null,
  sequence integer not null,
  from_state text,
  to_state text not null,
  trigger text not null,
  element_id text,
  instance_id uuid,
  instance_revision integer,
  actor text not null,
  on_behalf_of text,
  reason text,
  at timestamp with time zone not null,
  constraint transition_check CHECK (((sequence = 1) = (from_state IS NULL))),
  constraint transition_check1 CHECK ((from_state IS DISTINCT FROM to_state)),
  constraint transition_entity_type_check CHECK ((entity_type = ANY (ARRAY['quotation'::text, 'sale_order'::text, 'fulfilment'::text, 'return_request'::text]))),
  constraint transition_made_by_a_step CHECK (((num_nulls(instance_id, instance_revision, element_id) = 0) OR ((num_nonnulls(instance_id, instance_revision, element_id) = 0) AND (trigger = ANY (ARRAY['backfill'::text, 'backfill-history'::text]))))),
  constraint transition_sequence_check CHECK ((sequence >= 1)),
  constraint transition_instance_id_fkey FOREIGN KEY (instance_id) REFERENCES orderflow.process_instance(id),
  constraint transition_pkey PRIMARY KEY (entity_type, entity_id, sequence)
);
CREATE INDEX transition_instance ON orderflow.transition USING btree (instance_id, instance_revision);
CREATE TRIGGER transition_append_only BEFORE DELETE OR UPDATE ON orderflow.transition FOR EACH ROW EXECUTE FUNCTION orderflow.append_only();

create table orderflow.wait (
  id uuid not null,
  instance_id uuid not null,
  slot text not null,
  kind text not null,
  element_id text not null,
  element_name text,
  status text not null default 'open'::text,
  revision integer not null default 1,
  properties jsonb not null default '{}'::jsonb,
  input jsonb,
  candidate_groups text[] not null default '{}'::text[],
  assignee text,
  form_id text,
  override_request_id uuid,
  job_type text,
  retries integer,
  message_name text,
  correlation_key text,
  due_at timestamp with time zone,
  repeat_left integer,
  repeat_interval text,
  next_at timestamp with time zone,
  opened_at timestamp with time zone not null,
  opened_revision integer not null,
  closed_at timestamp with time zone,
  closed_revision integer,
  closed_by text,
  signal_name text,
  planned_at timestamp with time zone,
  calendar_id text,
  working_ms bigint,
  constraint wait_check CHECK (((status = 'open'::text) = (closed_at IS NULL))),
  constraint wait_check1 CHECK (((kind <> 'job'::text) OR (job_type IS NOT NULL))),
  constraint wait_check2 CHECK (((kind <> 'timer'::text) OR (due_at IS NOT NULL))),
  constraint wait_check3 CHECK (((kind <> 'message'::text) OR ((message_name IS NOT NULL) AND (correlation_key IS NOT NULL)))),
  constraint wait_kind_check CHECK ((kind = ANY (ARRAY['user'::text, 'job'::text, 'call'::text, 'message'::text, 'signal'::text, 'timer'::text, 'condition'::text]))),
  constraint wait_signal CHECK (((kind <> 'signal'::text) OR (signal_name IS NOT NULL))),
  constraint wait_status_check CHECK ((status = ANY (ARRAY['open'::text, 'completed'::text, 'cancelled'::text]))),
  constraint wait_working_ms_check CHECK ((working_ms >= 0)),
  constraint wait_working_time CHECK (((calendar_id IS NULL) = (working_ms IS NULL))),
  constraint wait_calendar_id_fkey FOREIGN KEY (calendar_id) REFERENCES orderflow.calendar(id),
  constraint wait_instance_id_fkey FOREIGN KEY (instance_id) REFERENCES orderflow.process_instance(id),
  constraint wait_override_request_id_fkey FOREIGN KEY (override_request_id) REFERENCES orderflow.override_request(id),
  constraint wait_pkey PRIMARY KEY (id)
) with (fillfactor=70);
CREATE INDEX wait_calendar ON orderflow.wait USING btree (calendar_id) WHERE ((status = 'open'::text) AND (calendar_id IS NOT NULL));
CREATE INDEX wait_instance ON orderflow.wait USING btree (instance_id, opened_revision);
CREATE INDEX wait_message ON orderflow.wait USING btree (message_name, correlation_key) WHERE ((status = 'open'::text) AND (kind = 'message'::text));
CREATE INDEX wait_signal_name ON orderflow.wait USING btree (signal_name) WHERE ((status = 'open'::text) AND (kind = 'signal'::text));
CREATE INDEX wait_task_list ON orderflow.wait USING btree (opened_at, id) WHERE ((status = 'open'::text) AND (kind = 'user'::text));
CREATE INDEX wait_timer_due ON orderflow.wait USING btree (next_at, id) WHERE ((status = 'open'::text) AND (kind = 'timer'::text));
CREATE UNIQUE INDEX wait_open_slot ON orderflow.wait USING btree (instance_id, slot) WHERE (status = 'open'::text);

create view orderflow.invariant_violation as
 SELECT found.inv,
    found.ref
   FROM orderflow.now() clock(at)
     CROSS JOIN LATERAL orderflow.find_violations(clock.at) found(inv, ref);

CREATE OR REPLACE FUNCTION orderflow.append_only()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ begin raise exception '% is append-only', tg_table_name using errcode = '23514'; end $function$;

CREATE OR REPLACE FUNCTION orderflow.find_violations(as_of timestamp with time zone)
 RETURNS TABLE(inv text, ref text)
 LANGUAGE sql
 STABLE
AS $function$
        select 'INV-01 no more is reserved than is on hand', found.ref from (
    select sku || ' at ' || location from orderflow.stock_level where reserved > on_hand or reserved < 0) as found (ref)
        union all select 'INV-02 what a level has reserved are its active reservations', found.ref from (
    select l.sku || ' at ' || l.location from orderflow.stock_level l
      left join (select stock_level_id, sum(quantity) as quantity from orderflow.stock_reservation where status in ('SOFT', 'FIRM') group by 1) r on r.stock_level_id = l.id
     where l.reserved <> coalesce(r.quantity, 0)) as found (ref)
        union all select 'INV-03 what is on hand came and has not left', found.ref from (
    select l.sku || ' at ' || l.location from orderflow.stock_level l
      left join (select stock_level_id, sum(quantity) as quantity from orderflow.stock_movement
                  where kind in ('RECEIVED', 'RETURNED', 'COUNTED', 'SHIPPED', 'SCRAPPED') group by 1) m on m.stock_level_id = l.id
     where l.on_hand <> coalesce(m.quantity, 0)) as found (ref)
        union all select 'INV-04 what a line has reserved are its active reservations', found.ref from (
    select s.number || ' line ' || l.line_no from orderflow.sale_line l join orderflow.sale_order s on s.id = l.sale_order_id
      left join (select sale_line_id, sum(quantity) as quantity from orderflow.stock_reservation where status in ('SOFT', 'FIRM') group by 1) r on r.sale_line_id = l.id
     where l.reserved <> coalesce(r.quantity, 0)) as found (ref)
        union all select 'INV-05 what a line has shipped are its shipped reservations', found.ref from (
    select s.number || ' line ' || l.line_no from orderflow.sale_line l join orderflow.sale_order s on s.id = l.sale_order_id
      left join (select sale_line_id, sum(quantity) as quantity from orderflow.stock_reservation where status = 'SHIPPED' group by 1) r on r.sale_line_id = l.id
     where l.shipped <> coalesce(r.quantity, 0)) as found (ref)
        union all select 'INV-06 a line gives away no more than was ordered, delivers no more than it shipped, takes back no more than it delivered', found.ref from (
    select s.number || ' line ' || l.line_no from orderflow.sale_line l join orderflow.sale_order s on s.id = l.sale_order_id
     where l.cancelled + l.reserved + l.backordered + l.shipped > l.ordered or l.delivered + l.lost > l.shipped or l.return_requested + l.returned > l.delivered
        or least(l.cancelled, l.reserved, l.backordered, l.shipped, l.delivered, l.lost, l.return_requested, l.returned) < 0) as found (ref)
        union all select 'INV-07 a cleared sale has a promise for every piece', found.ref from (
    select s.number || ' line ' || l.line_no from orderflow.sale_line l join orderflow.sale_order s on s.id = l.sale_order_id
     where s.workflow_state = 'CLEARED' and l.cancelled + l.reserved + l.backordered + l.shipped <> l.ordered) as found (ref)
        union all select 'INV-08 captured is what captures applied', found.ref from (
    select s.number from orderflow.sale_order s
      left join (select sale_order_id, sum(applied_minor) as applied from orderflow.payment where kind = 'CAPTURE' and status in ('SUCCEEDED', 'REVERSED') group by 1) p
        on p.sale_order_id = s.id
     where s.captured_minor <> coalesce(p.applied, 0)) as found (ref)
        union all select 'INV-09 no money is made up: captured and unapplied came from a provider', found.ref from (
    select s.number from orderflow.sale_order s
      left join (select sale_order_id, sum(amount_minor) as amount from orderflow.payment where kind = 'CAPTURE' and status in ('SUCCEEDED', 'REVERSED') group by 1) p
        on p.sale_order_id = s.id
     where s.captured_minor + s.unapplied_minor > coalesce(p.amount, 0)) as found (ref)
        union all select 'INV-10 no sale keeps more than its total and what an override allows', found.ref from (
    select number from orderflow.sale_order where captured_minor - refunded_minor > total_minor + overcapture_allowed_minor or refunded_minor > captured_minor) as found (ref)
        union all select 'INV-11 what a customer has in open orders are the active holds', found.ref from (
    select c.code || ' in ' || p.currency from orderflow.credit_profile p join orderflow.customer c on c.id = p.customer_id
      left join (select credit_profile_id, sum(amount_minor) as amount from orderflow.credit_hold where status in ('HELD', 'COMMITTED') group by 1) h on h.credit_profile_id = p.id
     where p.open_orders_minor <> coalesce(h.amount, 0)) as found (ref)
        union all select 'INV-12 what was approved without an override was within the limit', found.ref from (
    select s.number from orderflow.credit_hold h join orderflow.credit_snapshot n on n.id = h.credit_snapshot_id join orderflow.sale_order s on s.id = h.sale_order_id
     where n.outcome = 'APPROVE' and n.exposure_minor + n.order_minor > n.limit_minor) as found (ref)
        union all select 'INV-12b exposure is within the limit that was never cut, but for what needs no room in it', found.ref from (
    select c.code || ' in ' || p.currency from orderflow.credit_profile p join orderflow.customer c on c.id = p.customer_id
      left join (select credit_profile_id, sum(amount_minor) as amount from orderflow.credit_hold
                  where status in ('HELD', 'COMMITTED') and override_request_id is not null group by 1) h on h.credit_profile_id = p.id
      left join (select i.credit_profile_id, sum(i.open_minor) as amount from orderflow.invoice i
                  where i.kind <> 'SHIPMENT' or exists (select 1 from orderflow.credit_hold o where o.sale_order_id = i.sale_order_id and o.override_request_id is not null)
                  group by 1) i on i.credit_profile_id = p.id
     where p.limit_reduced_at is null and p.exposure_minor - coalesce(h.amount, 0) - coalesce(i.amount, 0) > p.limit_minor) as found (ref)
        union all select 'INV-13 every hold has an approving snapshot of its own sale', found.ref from (
    select s.number from orderflow.credit_hold h join orderflow.sale_order s on s.id = h.sale_order_id
      left join orderflow.credit_snapshot n on n.id = h.credit_snapshot_id and n.sale_order_id = h.sale_order_id
     where n.id is null or n.outcome not in ('APPROVE', 'APPROVE_WITH_OVERRIDE')) as found (ref)
        union all select 'INV-14 a sale that is over holds neither stock nor credit', found.ref from (
    select s.number from orderflow.sale_order s
     where s.workflow_state in ('CANCELLED', 'REJECTED', 'COMPLETED')
       and (exists (select 1 from orderflow.sale_line l where l.sale_order_id = s.id and (l.reserved > 0 or l.backordered > 0))
            or exists (select 1 from orderflow.credit_hold h where h.sale_order_id = s.id and h.status in ('HELD', 'COMMITTED')))) as found (ref)
        union all select 'INV-15 a sale that came to nothing keeps no money beyond refunds that are under way', found.ref from (
    select s.number from orderflow.sale_order s
      left join (select sale_order_id, sum(amount_minor) as amount from orderflow.payment
                  where kind = 'REFUND' and status in ('REQUESTED', 'PENDING', 'UNKNOWN') group by 1) r on r.sale_order_id = s.id
     where s.workflow_state in ('CANCELLED', 'REJECTED') and s.captured_minor - s.refunded_minor + s.unapplied_minor > coalesce(r.amount, 0)) as found (ref)
        union all select 'INV-16 an override is used once, in time, by its own subject', found.ref from (
    select o.subject_number || ' ' || o.kind from orderflow.override_request o
     where o.status = 'CONSUMED' and o.consumed_at > o.use_by
        or exists (select 1 from orderflow.credit_snapshot n
                    where n.override_request_id = o.id and n.outcome = 'APPROVE_WITH_OVERRIDE' and (n.sale_order_id <> o.subject_id or o.status <> 'CONSUMED'))
        or exists (select 1 from (select n.order_minor > lag(n.order_minor) over (order by n.at, n.id) as grew from orderflow.credit_snapshot n
                                   where n.override_request_id = o.id and n.outcome = 'APPROVE_WITH_OVERRIDE') again where again.grew)
        or exists (select 1 from orderflow.stock_reservation r join orderflow.sale_line l on l.id = r.sale_line_id
                    where r.override_request_id = o.id and l.sale_order_id <> o.subject_id)) as found (ref)
        union all select 'INV-17 an override is approved by as many people as it takes, none of whom asked for it', found.ref from (
    select o.subject_number || ' ' || o.kind from orderflow.override_request o
     where o.status in ('APPROVED', 'CONSUMED')
       and o.required_approvals > (select count(distinct coalesce(d.on_behalf_of, d.actor)) from orderflow.override_decision d
                                    where d.override_request_id = o.id and d.decision = 'APPROVE'
                                      and not array_remove(array[d.actor, d.on_behalf_of], null) && (array_remove(array[o.requested_by, o.requested_on_behalf_of], null) || o.parties))) as found (ref)
        union all select 'INV-18 each state follows the one before', found.ref from (
    select o.number || ' ' || t.sequence from orderflow.transition t join (select 'quotation' as type, id, number, workflow_state, transition_count, process_instance_id, closed_at, adopted_at, legacy_status from orderflow.quotation union all select 'sale_order' as type, id, number, workflow_state, transition_count, process_instance_id, closed_at, adopted_at, legacy_status from orderflow.sale_order union all select 'fulfilment' as type, id, number, workflow_state, transition_count, process_instance_id, closed_at, adopted_at, legacy_status from orderflow.fulfilment union all select 'return_request' as type, id, number, workflow_state, transition_count, process_instance_id, closed_at, adopted_at, legacy_status from orderflow.return_request) o on o.id = t.entity_id
      left join orderflow.transition p on p.entity_type = t.entity_type and p.entity_id = t.entity_id and p.sequence = t.sequence - 1
     where t.from_state is distinct from p.to_state) as found (ref)
        union all select 'INV-19 transitions are numbered without a gap', found.ref from (
    select o.number from (select 'quotation' as type, id, number, workflow_state, transition_count, process_instance_id, closed_at, adopted_at, legacy_status from orderflow.quotation union all select 'sale_order' as type, id, number, workflow_state, transition_count, process_instance_id, closed_at, adopted_at, legacy_status from orderflow.sale_order union all select 'fulfilment' as type, id, number, workflow_state, transition_count, process_instance_id, closed_at, adopted_at, legacy_status from orderflow.fulfilment union all select 'return_request' as type, id, number, workflow_state, transition_count, process_instance_id, closed_at, adopted_at, legacy_status from orderflow.return_request) o
      left join (select entity_type, entity_id, count(*) as times, max(sequence) as last from orderflow.transition group by 1, 2) t
        on t.entity_type = o.type and t.entity_id = o.id
     where coalesce(t.times, 0) <> coalesce(t.last, 0) or o.transition_count <> coalesce(t.last, 0)) as found (ref)
        union all select 'INV-20 an order is in the state of its last transition', found.ref from (
    select o.number from (select 'quotation' as type, id, number, workflow_state, transition_count, process_instance_id, closed_at, adopted_at, legacy_status from orderflow.quotation union all select 'sale_order' as type, id, number, workflow_state, transition_count, process_instance_id, closed_at, adopted_at, legacy_status from orderflow.sale_order union all select 'fulfilment' as type, id, number, workflow_state, transition_count, process_instance_id, closed_at, adopted_at, legacy_status from orderflow.fulfilment union all select 'return_request' as type, id, number, workflow_state, transition_count, process_instance_id, closed_at, adopted_at, legacy_status from orderflow.return_request) o join orderflow.transition t on t.entity_type = o.type and t.entity_id = o.id and t.sequence = o.transition_count
     where o.workflow_state is distinct from t.to_state) as found (ref)
        union all select 'INV-21 shipments carry no more of a line than is left of it', found.ref from (
    select s.number || ' line ' || l.line_no from orderflow.sale_line l join orderflow.sale_order s on s.id = l.sale_order_id
      join (select fl.sale_line_id, sum(fl.quantity) filter (where f.workflow_state is distinct from 'CANCELLED' and f.cancel_requested_at is null) as quantity,
                   bool_and(f.sale_order_id = o.sale_order_id) as own
              from orderflow.fulfilment_line fl join orderflow.fulfilment f on f.id = fl.fulfilment_id join orderflow.sale_line o on o.id = fl.sale_line_id
             group by 1) x on x.sale_line_id = l.id
     where x.quantity > l.ordered - l.cancelled or not x.own) as found (ref)
        union all select 'INV-22 a hand-off made what it names', found.ref from (
    select h.hook || ' of ' || h.source_id from orderflow.phase_handoff h
     where cardinality(h.target_ids) = 0
        or exists (select 1 from unnest(h.target_ids) as target
                    where not exists (select 1 from orderflow.sale_order s where h.hook = 'onQuotationApproved' and s.id = target and s.quotation_id = h.source_id)
                      and not exists (select 1 from orderflow.fulfilment f where h.hook = 'onSaleCleared' and f.id = target and f.sale_order_id = h.source_id))) as found (ref)
        union all select 'INV-23 no reservation outlives its time by more than five minutes', found.ref from (
    select s.number from orderflow.stock_reservation r join orderflow.sale_line l on l.id = r.sale_line_id join orderflow.sale_order s on s.id = l.sale_order_id
     where r.status = 'SOFT' and r.expires_at < as_of - interval '5 minutes') as found (ref)
        union all select 'INV-24 an order has one live instance as long as it is not over, and none afterwards', found.ref from (
    select o.number from (select 'quotation' as type, id, number, workflow_state, transition_count, process_instance_id, closed_at, adopted_at, legacy_status from orderflow.quotation union all select 'sale_order' as type, id, number, workflow_state, transition_count, process_instance_id, closed_at, adopted_at, legacy_status from orderflow.sale_order union all select 'fulfilment' as type, id, number, workflow_state, transition_count, process_instance_id, closed_at, adopted_at, legacy_status from orderflow.fulfilment union all select 'return_request' as type, id, number, workflow_state, transition_count, process_instance_id, closed_at, adopted_at, legacy_status from orderflow.return_request) o
      left join (select subject_id, count(*) as live, bool_or(id = any(array(select process_instance_id from (select 'quotation' as type, id, number, workflow_state, transition_count, process_instance_id, closed_at, adopted_at, legacy_status from orderflow.quotation union all select 'sale_order' as type, id, number, workflow_state, transition_count, process_instance_id, closed_at, adopted_at, legacy_status from orderflow.sale_order union all select 'fulfilment' as type, id, number, workflow_state, transition_count, process_instance_id, closed_at, adopted_at, legacy_status from orderflow.fulfilment union all select 'return_request' as type, id, number, workflow_state, transition_count, process_instance_id, closed_at, adopted_at, legacy_status from orderflow.return_request) q where q.id = subject_id))) as own
                   from orderflow.process_instance where status = 'running' and subject_id is not null group by 1) i on i.subject_id = o.id
     where not (o.process_instance_id is null and o.legacy_status is not null and (o.adopted_at is null or o.closed_at is not null))
       and (case when o.closed_at is null then 1 else 0 end <> coalesce(i.live, 0) or i.own is false)) as found (ref)
        union all select 'INV-24b an instance that runs waits for something', found.ref from (
    select i.business_key from orderflow.process_instance i
     where i.status = 'running' and i.revision > 0 and not exists (select 1 from orderflow.wait w where w.instance_id = i.id and w.status = 'open')) as found (ref)
        union all select 'INV-25 every wait has a way out', found.ref from (
    select i.business_key || ' at ' || w.element_id from orderflow.wait w join orderflow.process_instance i on i.id = w.instance_id
     where w.status = 'open' and w.kind in ('message', 'signal') and w.properties ->> 'sla' is null
       and not exists (select 1 from orderflow.wait o where o.instance_id = w.instance_id and o.status = 'open' and o.id <> w.id)) as found (ref)
        union all select 'INV-26 what a customer has not paid is open on invoices', found.ref from (
    select c.code || ' in ' || p.currency from orderflow.credit_profile p join orderflow.customer c on c.id = p.customer_id
      left join (select credit_profile_id, sum(open_minor) as amount from orderflow.invoice group by 1) i on i.credit_profile_id = p.id
     where p.unpaid_invoices_minor <> coalesce(i.amount, 0) or p.overdue_minor > p.unpaid_invoices_minor) as found (ref)
        union all select 'INV-27 an invoice has open what its entries leave', found.ref from (
    select i.number from orderflow.invoice i
      left join (select invoice_id, sum(case when kind in ('ISSUED', 'FREED') then amount_minor else -amount_minor end) as amount
                   from orderflow.invoice_entry group by 1) e on e.invoice_id = i.id
     where i.open_minor <> coalesce(e.amount, 0)) as found (ref)
      $function$;

CREATE OR REPLACE FUNCTION orderflow.four_eyes()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
        declare
          eyes text[] := array_remove(array[new.actor, new.on_behalf_of], null);
        begin
          if exists (select 1 from orderflow.override_request o
                      where o.id = new.override_request_id and (o.requested_by = any(eyes) or o.requested_on_behalf_of = any(eyes) or o.parties && eyes)) then
            raise exception 'FOUR_EYES: % had a hand in what this override is for and may not decide it', array_to_string(eyes, ' for ') using errcode = '23514';
          end if;
          if exists (select 1 from orderflow.override_decision d
                      where d.override_request_id = new.override_request_id and d.id <> new.id and (d.actor = any(eyes) or d.on_behalf_of = any(eyes))) then
            raise exception 'FOUR_EYES: % has decided on this override already', array_to_string(eyes, ' for ') using errcode = '23514';
          end if;
          return new;
        end $function$;

CREATE OR REPLACE FUNCTION orderflow.incident_cause(kind text, process_id text, element_id text, message text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$
        select left(encode(sha256(convert_to(concat_ws('|', kind, process_id, coalesce(element_id, '-'),
          left(btrim(regexp_replace(regexp_replace(regexp_replace(regexp_replace(message,
            '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}', '#', 'gi'),
            '\m(?=[0-9a-f]*[0-9])[0-9a-f]{8,}\M', '#', 'gi'),
            '[0-9]+([.,:][0-9]+)*', '#', 'g'),
            '\s+', ' ', 'g')), 500)), 'UTF8')), 'hex'), 32)
      $function$;

CREATE OR REPLACE FUNCTION orderflow.incident_fingerprint()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
        begin
          new.fingerprint := orderflow.incident_cause(new.kind, (select process_id from orderflow.process_instance where id = new.instance_id), new.element_id, new.message);
          return new;
        end $function$;

CREATE OR REPLACE FUNCTION orderflow.iso(at timestamp with time zone)
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$ select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') $function$;

CREATE OR REPLACE FUNCTION orderflow.next_revision()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
        begin
          if new.revision <> old.revision + 1 then
            raise exception '% %: revision % does not follow %', tg_table_name, old.id, new.revision, old.revision using errcode = '23514';
          end if;
          return new;
        end $function$;

CREATE OR REPLACE FUNCTION orderflow.now()
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE
AS $function$ select statement_timestamp() + (select offset_ms from orderflow.clock) * interval '1 millisecond' $function$;

CREATE OR REPLACE FUNCTION orderflow.override_request_flow()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
        begin
          if (new.kind, new.subject_id, new.subject_fingerprint, new.scope, new.scope_amount_minor, new.requested_by, new.requested_on_behalf_of, new.parties,
              new.required_role, new.required_approvals)
             is distinct from
             (old.kind, old.subject_id, old.subject_fingerprint, old.scope, old.scope_amount_minor, old.requested_by, old.requested_on_behalf_of, old.parties,
              old.required_role, old.required_approvals) then
            raise exception 'OVERRIDE: what was asked for in % does not change any more', old.id using errcode = '23514';
          end if;
          if new.status <> old.status and not (
               old.status = 'PENDING' and new.status in ('APPROVED', 'REJECTED', 'EXPIRED', 'WITHDRAWN', 'SUPERSEDED', 'REVOKED')
            or old.status = 'APPROVED' and new.status in ('CONSUMED', 'EXPIRED', 'WITHDRAWN', 'SUPERSEDED', 'REVOKED')) then
            raise exception 'OVERRIDE: % is %, and cannot become %', old.id, old.status, new.status using errcode = '23514';
          end if;
          if new.status = 'APPROVED' and old.status = 'PENDING' and new.required_approvals > (
               select count(distinct coalesce(d.on_behalf_of, d.actor)) from orderflow.override_decision d
                where d.override_request_id = new.id and d.decision = 'APPROVE') then
            raise exception 'OVERRIDE: % takes % people to approve it', old.id, new.required_approvals using errcode = '23514';
          end if;
          if new.status = 'CONSUMED' and new.consumed_at > new.use_by then
            raise exception 'OVERRIDE: % had to be used by %', old.id, new.use_by using errcode = '23514';
          end if;
          return new;
        end $function$;

CREATE OR REPLACE FUNCTION orderflow.step_digest(prev_hash text, instance_id uuid, revision integer, trigger text, element_id text, wait_id uuid, actor text, on_behalf_of text, command_id uuid, opened uuid[], closed uuid[], trail jsonb, asked jsonb, state_hash text, at timestamp with time zone, reason text DEFAULT NULL::text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$
        select encode(sha256(convert_to(concat_ws('|', coalesce(prev_hash, '-'), instance_id, revision, trigger, coalesce(element_id, '-'),
          coalesce(wait_id::text, '-'), actor, coalesce(on_behalf_of, '-'), coalesce(command_id::text, '-'), array_to_string(opened, ','),
          array_to_string(closed, ','), trail, asked, coalesce(state_hash, '-'),
          (extract(epoch from at) * 1000000)::bigint, reason), 'UTF8')), 'hex')
      $function$;
