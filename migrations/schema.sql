-- The schema after all migrations. Written by npm run migrate -- --snapshot; do not edit.

create sequence orderflow.fulfilment_number as bigint start 1 increment 1;

create sequence orderflow.migration_id_seq as integer start 1 increment 1;

create sequence orderflow.quotation_number as bigint start 1 increment 1;

create sequence orderflow.sale_order_number as bigint start 1 increment 1;

create table orderflow.backorder_demand (
  id uuid not null,
  fulfilment_id uuid not null,
  sale_line_id uuid not null,
  sku text not null,
  quantity bigint not null,
  priority integer not null default 100,
  committed_at timestamp with time zone not null,
  status text not null default 'OPEN'::text,
  constraint backorder_demand_quantity_check CHECK ((quantity > 0)),
  constraint backorder_demand_status_check CHECK ((status = ANY (ARRAY['OPEN'::text, 'FILLED'::text, 'CANCELLED'::text]))),
  constraint backorder_demand_fulfilment_id_fkey FOREIGN KEY (fulfilment_id) REFERENCES orderflow.fulfilment(id),
  constraint backorder_demand_sale_line_id_fkey FOREIGN KEY (sale_line_id) REFERENCES orderflow.sale_line(id),
  constraint backorder_demand_pkey PRIMARY KEY (id),
  constraint backorder_demand_fulfilment_id_sale_line_id_key UNIQUE (fulfilment_id, sale_line_id)
);
CREATE INDEX backorder_demand_queue ON orderflow.backorder_demand USING btree (sku, priority, committed_at, id) WHERE (status = 'OPEN'::text);

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
  credit_hold_id uuid not null,
  reference text not null,
  at timestamp with time zone not null,
  constraint credit_movement_amount_minor_check CHECK ((amount_minor >= 0)),
  constraint credit_movement_kind_check CHECK ((kind = ANY (ARRAY['HELD'::text, 'RELEASED'::text, 'INVOICED'::text]))),
  constraint credit_movement_credit_hold_id_fkey FOREIGN KEY (credit_hold_id) REFERENCES orderflow.credit_hold(id),
  constraint credit_movement_credit_profile_id_fkey FOREIGN KEY (credit_profile_id) REFERENCES orderflow.credit_profile(id),
  constraint credit_movement_pkey PRIMARY KEY (id),
  constraint credit_movement_credit_hold_id_kind_reference_key UNIQUE (credit_hold_id, kind, reference)
);
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

create table orderflow.deployment (
  id uuid not null,
  content_hash text not null,
  deployed_by text not null,
  deployed_at timestamp with time zone not null default orderflow.now(),
  constraint deployment_pkey PRIMARY KEY (id)
);

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
  constraint fulfilment_check CHECK (((delivered_at IS NULL) OR (shipped_at IS NOT NULL))),
  constraint fulfilment_check1 CHECK (((shipped_at IS NOT NULL) OR (workflow_state <> ALL (ARRAY['SHIPPED'::text, 'DELIVERED'::text, 'COMPLETED'::text])))),
  constraint fulfilment_backorder_of_id_fkey FOREIGN KEY (backorder_of_id) REFERENCES orderflow.fulfilment(id),
  constraint fulfilment_process_instance_id_fkey FOREIGN KEY (process_instance_id) REFERENCES orderflow.process_instance(id),
  constraint fulfilment_sale_order_id_fkey FOREIGN KEY (sale_order_id) REFERENCES orderflow.sale_order(id),
  constraint fulfilment_pkey PRIMARY KEY (id),
  constraint fulfilment_number_key UNIQUE (number),
  constraint fulfilment_process_instance_id_key UNIQUE (process_instance_id)
);
CREATE INDEX fulfilment_sale ON orderflow.fulfilment USING btree (sale_order_id);

create table orderflow.fulfilment_line (
  id uuid not null,
  fulfilment_id uuid not null,
  sale_line_id uuid not null,
  quantity bigint not null,
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
  constraint incident_kind_check CHECK ((kind = ANY (ARRAY['job-failed'::text, 'step-failed'::text, 'stuck'::text, 'late-money'::text]))),
  constraint incident_instance_id_fkey FOREIGN KEY (instance_id) REFERENCES orderflow.process_instance(id),
  constraint incident_message_id_fkey FOREIGN KEY (message_id) REFERENCES orderflow.message(id),
  constraint incident_wait_id_fkey FOREIGN KEY (wait_id) REFERENCES orderflow.wait(id),
  constraint incident_pkey PRIMARY KEY (id)
);
CREATE INDEX incident_open ON orderflow.incident USING btree (instance_id) WHERE (resolved_at IS NULL);
CREATE UNIQUE INDEX incident_open_wait ON orderflow.incident USING btree (wait_id) WHERE (resolved_at IS NULL);

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

create table orderflow.migration (
  id integer not null default nextval('orderflow.migration_id_seq'::regclass),
  "timestamp" bigint not null,
  name character varying not null,
  constraint "PK_3043fc6b8af7c99b8b98830094f" PRIMARY KEY (id)
);

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
  constraint outbox_check CHECK ((num_nonnulls(done_at, cancelled_at) <= 1)),
  constraint outbox_instance_id_fkey FOREIGN KEY (instance_id) REFERENCES orderflow.process_instance(id),
  constraint outbox_wait_id_fkey FOREIGN KEY (wait_id) REFERENCES orderflow.wait(id),
  constraint outbox_pkey PRIMARY KEY (id),
  constraint outbox_wait_id_key UNIQUE (wait_id)
) with (fillfactor=70);
CREATE INDEX outbox_due ON orderflow.outbox USING btree (next_at, sequence) WHERE ((done_at IS NULL) AND (cancelled_at IS NULL));

create table orderflow.override_decision (
  id uuid not null,
  override_request_id uuid not null,
  actor text not null,
  actor_roles text[] not null,
  decision text not null,
  reason text not null,
  at timestamp with time zone not null,
  constraint override_decision_decision_check CHECK ((decision = ANY (ARRAY['APPROVE'::text, 'REJECT'::text]))),
  constraint override_decision_override_request_id_fkey FOREIGN KEY (override_request_id) REFERENCES orderflow.override_request(id),
  constraint override_decision_pkey PRIMARY KEY (id),
  constraint override_decision_override_request_id_actor_key UNIQUE (override_request_id, actor)
);
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
  constraint override_request_check CHECK ((decide_by > requested_at)),
  constraint override_request_check1 CHECK (((status <> ALL (ARRAY['APPROVED'::text, 'CONSUMED'::text])) OR ((approvals_count >= required_approvals) AND (use_by IS NOT NULL)))),
  constraint override_request_check2 CHECK (((status = 'CONSUMED'::text) = (consumed_at IS NOT NULL))),
  constraint override_request_kind_check CHECK ((kind = ANY (ARRAY['ADMIN'::text, 'CREDIT'::text, 'PRICE'::text, 'STOCK'::text]))),
  constraint override_request_reason_check CHECK ((length(btrim(reason)) >= 10)),
  constraint override_request_required_approvals_check CHECK (((required_approvals >= 1) AND (required_approvals <= 3))),
  constraint override_request_status_check CHECK ((status = ANY (ARRAY['PENDING'::text, 'APPROVED'::text, 'REJECTED'::text, 'EXPIRED'::text, 'WITHDRAWN'::text, 'SUPERSEDED'::text, 'CONSUMED'::text]))),
  constraint override_request_subject_type_check CHECK ((subject_type = ANY (ARRAY['quotation'::text, 'sale_order'::text, 'fulfilment'::text]))),
  constraint override_request_use_days_check CHECK ((use_days > 0)),
  constraint override_request_decision_record_id_fkey FOREIGN KEY (decision_record_id) REFERENCES orderflow.decision_record(id),
  constraint override_request_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX override_request_one_pending ON orderflow.override_request USING btree (subject_id, kind) WHERE (status = 'PENDING'::text);

create table orderflow.payment (
  id uuid not null,
  sale_order_id uuid not null,
  kind text not null,
  provider text not null,
  reference text not null,
  provider_reference text,
  refund_of uuid,
  amount_minor bigint not null,
  applied_minor bigint not null default 0,
  currency text not null,
  status text not null,
  failure_code text,
  occurred_at timestamp with time zone not null,
  recorded_at timestamp with time zone not null,
  constraint payment_amount_minor_check CHECK ((amount_minor > 0)),
  constraint payment_check CHECK (((applied_minor >= 0) AND (applied_minor <= amount_minor))),
  constraint payment_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
  constraint payment_kind_check CHECK ((kind = ANY (ARRAY['INTENT'::text, 'CAPTURE'::text, 'REFUND'::text, 'VOID'::text]))),
  constraint payment_status_check CHECK ((status = ANY (ARRAY['REQUESTED'::text, 'SUCCEEDED'::text, 'FAILED'::text, 'UNKNOWN'::text]))),
  constraint payment_refund_of_fkey FOREIGN KEY (refund_of) REFERENCES orderflow.payment(id),
  constraint payment_sale_order_id_fkey FOREIGN KEY (sale_order_id) REFERENCES orderflow.sale_order(id),
  constraint payment_pkey PRIMARY KEY (id),
  constraint payment_provider_kind_reference_key UNIQUE (provider, kind, reference)
);
CREATE INDEX payment_sale ON orderflow.payment USING btree (sale_order_id, recorded_at);
CREATE UNIQUE INDEX payment_refund_once ON orderflow.payment USING btree (refund_of) WHERE (refund_of IS NOT NULL);

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

create table orderflow.process_definition (
  id uuid not null,
  deployment_id uuid not null,
  process_id text not null,
  version integer not null,
  resource_name text not null,
  constraint process_definition_version_check CHECK ((version >= 1)),
  constraint process_definition_deployment_id_fkey FOREIGN KEY (deployment_id) REFERENCES orderflow.deployment(id),
  constraint process_definition_pkey PRIMARY KEY (id),
  constraint process_definition_deployment_id_process_id_key UNIQUE (deployment_id, process_id),
  constraint process_definition_process_id_version_key UNIQUE (process_id, version)
);

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
  constraint process_instance_check CHECK (((subject_type IS NULL) = (subject_id IS NULL))),
  constraint process_instance_check1 CHECK (((status = 'running'::text) = (ended_at IS NULL))),
  constraint process_instance_check2 CHECK (((status <> 'running'::text) OR (state_hash IS NOT NULL) OR (revision = 0))),
  constraint process_instance_status_check CHECK ((status = ANY (ARRAY['running'::text, 'completed'::text, 'cancelled'::text]))),
  constraint process_instance_subject_type_check CHECK ((subject_type = ANY (ARRAY['quotation'::text, 'sale_order'::text, 'fulfilment'::text]))),
  constraint process_instance_process_definition_id_fkey FOREIGN KEY (process_definition_id) REFERENCES orderflow.process_definition(id),
  constraint process_instance_process_definition_id_state_hash_fkey FOREIGN KEY (process_definition_id, state_hash) REFERENCES orderflow.engine_state(process_definition_id, hash),
  constraint process_instance_pkey PRIMARY KEY (id)
) with (fillfactor=70);
CREATE INDEX process_instance_key ON orderflow.process_instance USING btree (business_key);
CREATE INDEX process_instance_subject ON orderflow.process_instance USING btree (subject_id) WHERE (subject_id IS NOT NULL);
CREATE UNIQUE INDEX process_instance_active_key ON orderflow.process_instance USING btree (process_id, business_key) WHERE (status = 'running'::text);
CREATE TRIGGER process_instance_revision BEFORE UPDATE ON orderflow.process_instance FOR EACH ROW EXECUTE FUNCTION orderflow.next_revision();

create table orderflow.product (
  id uuid not null,
  sku text not null,
  name text not null,
  currency text not null,
  list_price_minor bigint not null,
  cost_minor bigint not null,
  tax_class text not null default 'STANDARD'::text,
  line_policy text not null default 'BACKORDER'::text,
  replenish_days integer not null default 7,
  return_window_seconds integer not null default 2592000,
  revision integer not null default 1,
  constraint product_cost_minor_check CHECK ((cost_minor >= 0)),
  constraint product_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
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
  constraint quotation_line_discount_bp_check CHECK (((discount_bp >= 0) AND (discount_bp <= 10000))),
  constraint quotation_line_quantity_check CHECK ((quantity > 0)),
  constraint quotation_line_unit_price_minor_check CHECK ((unit_price_minor >= 0)),
  constraint quotation_line_quotation_id_fkey FOREIGN KEY (quotation_id) REFERENCES orderflow.quotation(id) ON DELETE CASCADE,
  constraint quotation_line_sku_fkey FOREIGN KEY (sku) REFERENCES orderflow.product(sku),
  constraint quotation_line_pkey PRIMARY KEY (id),
  constraint quotation_line_quotation_id_line_no_key UNIQUE (quotation_id, line_no)
);

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
  constraint line_budget CHECK (((((cancelled + reserved) + backordered) + shipped) <= ordered)),
  constraint line_delivery CHECK ((delivered <= shipped)),
  constraint sale_line_backordered_check CHECK ((backordered >= 0)),
  constraint sale_line_cancelled_check CHECK ((cancelled >= 0)),
  constraint sale_line_delivered_check CHECK ((delivered >= 0)),
  constraint sale_line_discount_bp_check CHECK (((discount_bp >= 0) AND (discount_bp <= 10000))),
  constraint sale_line_ordered_check CHECK ((ordered > 0)),
  constraint sale_line_reserved_check CHECK ((reserved >= 0)),
  constraint sale_line_shipped_check CHECK ((shipped >= 0)),
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
  constraint capture_cap CHECK (((captured_minor - refunded_minor) <= total_minor)),
  constraint payable_split CHECK (((on_terms_minor + prepay_minor) <= total_minor)),
  constraint refund_cap CHECK ((refunded_minor <= captured_minor)),
  constraint sale_order_captured_minor_check CHECK ((captured_minor >= 0)),
  constraint sale_order_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
  constraint sale_order_on_terms_minor_check CHECK ((on_terms_minor >= 0)),
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
  constraint stock_movement_kind_check CHECK ((kind = ANY (ARRAY['RECEIVED'::text, 'RESERVED'::text, 'RELEASED'::text, 'SHIPPED'::text]))),
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
  constraint stock_reservation_check CHECK (((status = 'SOFT'::text) = (expires_at IS NOT NULL))),
  constraint stock_reservation_quantity_check CHECK ((quantity > 0)),
  constraint stock_reservation_status_check CHECK ((status = ANY (ARRAY['SOFT'::text, 'FIRM'::text, 'SHIPPED'::text, 'RELEASED'::text, 'EXPIRED'::text]))),
  constraint stock_reservation_fulfilment_id_fkey FOREIGN KEY (fulfilment_id) REFERENCES orderflow.fulfilment(id),
  constraint stock_reservation_sale_line_id_fkey FOREIGN KEY (sale_line_id) REFERENCES orderflow.sale_line(id),
  constraint stock_reservation_stock_level_id_fkey FOREIGN KEY (stock_level_id) REFERENCES orderflow.stock_level(id),
  constraint stock_reservation_pkey PRIMARY KEY (id),
  constraint stock_reservation_job_key_sale_line_id_key UNIQUE (job_key, sale_line_id)
);
CREATE INDEX stock_reservation_line ON orderflow.stock_reservation USING btree (sale_line_id);

create table orderflow.transition (
  entity_type text not null,
  entity_id uuid not null,
  sequence integer not null,
  from_state text,
  to_state text not null,
  trigger text not null,
  element_id text not null,
  instance_id uuid not null,
  instance_revision integer not null,
  actor text not null,
  on_behalf_of text,
  reason text,
  at timestamp with time zone not null,
  constraint transition_check CHECK (((sequence = 1) = (from_state IS NULL))),
  constraint transition_check1 CHECK ((from_state IS DISTINCT FROM to_state)),
  constraint transition_entity_type_check CHECK ((entity_type = ANY (ARRAY['quotation'::text, 'sale_order'::text, 'fulfilment'::text]))),
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
  constraint wait_check CHECK (((status = 'open'::text) = (closed_at IS NULL))),
  constraint wait_check1 CHECK (((kind <> 'job'::text) OR (job_type IS NOT NULL))),
  constraint wait_check2 CHECK (((kind <> 'timer'::text) OR (due_at IS NOT NULL))),
  constraint wait_check3 CHECK (((kind <> 'message'::text) OR ((message_name IS NOT NULL) AND (correlation_key IS NOT NULL)))),
  constraint wait_kind_check CHECK ((kind = ANY (ARRAY['user'::text, 'job'::text, 'call'::text, 'message'::text, 'signal'::text, 'timer'::text, 'condition'::text]))),
  constraint wait_status_check CHECK ((status = ANY (ARRAY['open'::text, 'completed'::text, 'cancelled'::text]))),
  constraint wait_instance_id_fkey FOREIGN KEY (instance_id) REFERENCES orderflow.process_instance(id),
  constraint wait_override_request_id_fkey FOREIGN KEY (override_request_id) REFERENCES orderflow.override_request(id),
  constraint wait_pkey PRIMARY KEY (id)
) with (fillfactor=70);
CREATE INDEX wait_instance ON orderflow.wait USING btree (instance_id, opened_revision);
CREATE INDEX wait_message ON orderflow.wait USING btree (message_name, correlation_key) WHERE ((status = 'open'::text) AND (kind = 'message'::text));
CREATE INDEX wait_task_list ON orderflow.wait USING btree (opened_at, id) WHERE ((status = 'open'::text) AND (kind = 'user'::text));
CREATE INDEX wait_timer_due ON orderflow.wait USING btree (next_at, id) WHERE ((status = 'open'::text) AND (kind = 'timer'::text));
CREATE UNIQUE INDEX wait_open_slot ON orderflow.wait USING btree (instance_id, slot) WHERE (status = 'open'::text);

CREATE OR REPLACE FUNCTION orderflow.append_only()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$ begin raise exception '% is append-only', tg_table_name using errcode = '23514'; end $function$;

CREATE OR REPLACE FUNCTION orderflow.four_eyes()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
        begin
          if exists (select 1 from orderflow.override_request o where o.id = new.override_request_id and o.requested_by = new.actor) then
            raise exception 'FOUR_EYES: % requested this override and may not decide it', new.actor using errcode = '23514';
          end if;
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

CREATE OR REPLACE FUNCTION orderflow.step_digest(prev_hash text, instance_id uuid, revision integer, trigger text, element_id text, wait_id uuid, actor text, on_behalf_of text, command_id uuid, opened uuid[], closed uuid[], trail jsonb, asked jsonb, state_hash text, at timestamp with time zone)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$
        select encode(sha256(convert_to(concat_ws('|', coalesce(prev_hash, '-'), instance_id, revision, trigger, coalesce(element_id, '-'),
          coalesce(wait_id::text, '-'), actor, coalesce(on_behalf_of, '-'), coalesce(command_id::text, '-'), array_to_string(opened, ','),
          array_to_string(closed, ','), trail, asked, coalesce(state_hash, '-'),
          (extract(epoch from at) * 1000000)::bigint), 'UTF8')), 'hex')
      $function$;
