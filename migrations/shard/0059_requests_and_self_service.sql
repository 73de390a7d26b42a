-- Requests by all forms, with their approvals, history, steps and the seats they take; how an MSP wants its forms; and what
-- customers' people do by themselves.
ALTER TABLE "service_requests" ADD COLUMN "subject" text DEFAULT '' NOT NULL;
ALTER TABLE "service_requests" ADD COLUMN "requester_name" text DEFAULT '' NOT NULL;
ALTER TABLE "service_requests" ADD COLUMN "raised_by_name" text;
ALTER TABLE "service_requests" ADD COLUMN "raised_by" text;
ALTER TABLE "service_requests" ADD COLUMN "about_tenant" text;
ALTER TABLE "service_requests" ADD COLUMN "person_count" integer DEFAULT 1 NOT NULL;
ALTER TABLE "service_requests" ADD COLUMN "first_on" text;
ALTER TABLE "service_requests" ADD COLUMN "facts" text DEFAULT '{"people":{},"groups":{},"licences":{},"addresses":{}}' NOT NULL;
ALTER TABLE "service_requests" ADD COLUMN "needs_customer" integer DEFAULT false NOT NULL;
ALTER TABLE "service_requests" ADD COLUMN "needs_msp" integer DEFAULT true NOT NULL;
ALTER TABLE "service_requests" ADD COLUMN "awaiting_since" integer;
ALTER TABLE "service_requests" ADD COLUMN "remind_at" integer;
ALTER TABLE "service_requests" ADD COLUMN "reminded_count" integer DEFAULT 0 NOT NULL;
ALTER TABLE "service_requests" ADD COLUMN "expires_at" integer;
ALTER TABLE "service_requests" ADD COLUMN "attend_at" integer;
ALTER TABLE "service_requests" ADD COLUMN "customer_approved_by" text;
ALTER TABLE "service_requests" ADD COLUMN "customer_approved_name" text;
ALTER TABLE "service_requests" ADD COLUMN "customer_approved_at" integer;
ALTER TABLE "service_requests" ADD COLUMN "decided_by" text;
ALTER TABLE "service_requests" ADD COLUMN "decided_by_name" text;
ALTER TABLE "service_requests" ADD COLUMN "decided_at" integer;
ALTER TABLE "service_requests" ADD COLUMN "decision_reason" text;
ALTER TABLE "service_requests" ADD COLUMN "ticket_id" text;
ALTER TABLE "service_requests" ADD COLUMN "step_count" integer DEFAULT 0 NOT NULL;
ALTER TABLE "service_requests" ADD COLUMN "done_step_count" integer DEFAULT 0 NOT NULL;
ALTER TABLE "service_requests" ADD COLUMN "ended_at" integer;
-- What was asked for so far waits for the MSP from now on, and says what it is about in the way of the new forms.
UPDATE "service_requests" SET
  "state" = 'awaiting_msp',
  "awaiting_since" = unixepoch() * 1000,
  "remind_at" = (unixepoch() + 2 * 86400) * 1000,
  "attend_at" = (unixepoch() + 2 * 86400) * 1000,
  "expires_at" = (unixepoch() + 14 * 86400) * 1000
WHERE "state" = 'submitted';
UPDATE "service_requests" SET
  "subject" = json_extract("details", '$.moreSeats') || ' more seats of ' || json_extract("details", '$.skuName'),
  "requester_name" = coalesce((SELECT c."name" FROM "contacts" c WHERE c."msp_id" = "service_requests"."msp_id" AND c."id" = "service_requests"."requested_by"), ''),
  "about_tenant" = json_extract("details", '$.tenantId'),
  "details" = json_object(
    'type', 'licence_change',
    'tenant', json_object('id', json_extract("details", '$.tenantId'), 'name', json_extract("details", '$.tenantName')),
    'answers', json_array(),
    'licence', json_object('id', json_extract("details", '$.skuId'), 'name', json_extract("details", '$.skuName')),
    'moreSeats', json_extract("details", '$.moreSeats'),
    'boughtCount', json_extract("details", '$.boughtCount'),
    'startsOn', NULL,
    'endsOn', NULL,
    'people', json_array()
  );
DROP INDEX "service_requests_by_customer";
CREATE UNIQUE INDEX "service_requests_of_customer" ON "service_requests" ("msp_id", "customer_id", "id");
CREATE INDEX "service_requests_by_time" ON "service_requests" ("msp_id", "id");
CREATE INDEX "service_requests_by_state" ON "service_requests" ("msp_id", "state", "id");
CREATE INDEX "service_requests_open" ON "service_requests" ("msp_id", "id") WHERE ended_at is null;
CREATE INDEX "service_requests_ended" ON "service_requests" ("msp_id", "id") WHERE ended_at is not null;
CREATE INDEX "service_requests_of_customer_by_state" ON "service_requests" ("msp_id", "customer_id", "state", "id");
CREATE INDEX "service_requests_of_customer_open" ON "service_requests" ("msp_id", "customer_id", "id") WHERE ended_at is null;
CREATE INDEX "service_requests_of_person_open" ON "service_requests" ("msp_id", "customer_id", "requested_by", "id") WHERE ended_at is null;
CREATE INDEX "service_requests_of_ticket" ON "service_requests" ("msp_id", "customer_id", "ticket_id") WHERE ticket_id is not null;
CREATE INDEX "service_requests_to_attend" ON "service_requests" ("attend_at") WHERE state in ('awaiting_customer', 'awaiting_msp');
CREATE TABLE "request_events" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "customer_id" text NOT NULL,
  "request_id" text NOT NULL,
  "type" text NOT NULL,
  "actor_kind" text NOT NULL,
  "actor_id" text,
  "actor_name" text NOT NULL,
  "note" text,
  "differences" text,
  "created_at" integer NOT NULL,
  PRIMARY KEY("msp_id", "id"),
  FOREIGN KEY ("msp_id", "customer_id", "request_id") REFERENCES "service_requests"("msp_id", "customer_id", "id") ON UPDATE cascade ON DELETE restrict
);
CREATE INDEX "request_events_of_request" ON "request_events" ("msp_id", "customer_id", "request_id", "id");
CREATE TABLE "request_steps" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "customer_id" text NOT NULL,
  "request_id" text NOT NULL,
  "place" integer NOT NULL,
  "title" text NOT NULL,
  "done_at" integer,
  "done_by_id" text,
  "done_by_name" text,
  PRIMARY KEY("msp_id", "id"),
  FOREIGN KEY ("msp_id", "customer_id", "request_id") REFERENCES "service_requests"("msp_id", "customer_id", "id") ON UPDATE cascade ON DELETE restrict
);
CREATE INDEX "request_steps_of_request" ON "request_steps" ("msp_id", "customer_id", "request_id", "place", "id");
CREATE TABLE "request_seats" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "customer_id" text NOT NULL,
  "request_id" text NOT NULL,
  "for_tenant" text NOT NULL,
  "sku_id" text NOT NULL,
  "taken_count" integer NOT NULL,
  "from_on" text,
  "until_on" text,
  "of_holdings" integer DEFAULT false NOT NULL,
  "released_at" integer,
  "step_place" integer,
  PRIMARY KEY("msp_id", "id"),
  FOREIGN KEY ("msp_id", "customer_id", "request_id") REFERENCES "service_requests"("msp_id", "customer_id", "id") ON UPDATE cascade ON DELETE restrict
);
CREATE INDEX "request_seats_of_request" ON "request_seats" ("msp_id", "customer_id", "request_id");
CREATE INDEX "request_seats_of_licence" ON "request_seats" ("msp_id", "customer_id", "for_tenant", "sku_id", "id") WHERE released_at is null;
CREATE TABLE "request_forms" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "version" integer DEFAULT 1 NOT NULL,
  "forms" text NOT NULL,
  PRIMARY KEY("msp_id", "id"),
  FOREIGN KEY ("msp_id") REFERENCES "msps"("msp_id") ON UPDATE cascade ON DELETE restrict
);
CREATE TABLE "request_form_overlays" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "customer_id" text NOT NULL,
  "version" integer DEFAULT 1 NOT NULL,
  "forms" text NOT NULL,
  PRIMARY KEY("msp_id", "id"),
  FOREIGN KEY ("msp_id", "customer_id") REFERENCES "customers"("msp_id", "id") ON UPDATE cascade ON DELETE restrict
);
CREATE INDEX "request_form_overlays_by_customer" ON "request_form_overlays" ("msp_id", "customer_id");
-- Whether an address that is wished for is somebody's already.
CREATE INDEX "tenant_users_by_principal_name" ON "tenant_users" ("msp_id", "tenant_id", "user_principal_name" COLLATE NOCASE);
CREATE TABLE "self_service_defaults" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "version" integer DEFAULT 1 NOT NULL,
  "choices" text DEFAULT '{"reads":{},"modes":{},"askers":{}}' NOT NULL,
  "customer_approves" integer,
  "approver_role" text,
  "approver_ids" text,
  "wait_days" integer,
  PRIMARY KEY("msp_id", "id"),
  FOREIGN KEY ("msp_id") REFERENCES "msps"("msp_id") ON UPDATE cascade ON DELETE restrict
);
CREATE TABLE "self_service_overrides" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "customer_id" text NOT NULL,
  "version" integer DEFAULT 1 NOT NULL,
  "choices" text DEFAULT '{"reads":{},"modes":{},"askers":{}}' NOT NULL,
  "customer_approves" integer,
  "approver_role" text,
  "approver_ids" text,
  "wait_days" integer,
  PRIMARY KEY("msp_id", "id"),
  FOREIGN KEY ("msp_id", "customer_id") REFERENCES "customers"("msp_id", "id") ON UPDATE cascade ON DELETE restrict
);
CREATE INDEX "self_service_overrides_by_customer" ON "self_service_overrides" ("msp_id", "customer_id");
-- What was switched off for a customer so far stays so.
INSERT INTO "self_service_overrides" ("msp_id", "id", "customer_id", "choices")
  SELECT c."msp_id", c."id", c."id", json_object(
    'reads', json_patch(
      json_patch(
        CASE WHEN p."directory_shown" = 0 THEN json('{"see_directory":false}') ELSE json('{}') END,
        CASE WHEN p."reports_shown" = 0 THEN json('{"download_reports":false}') ELSE json('{}') END
      ),
      CASE WHEN t."users_see" = 0 THEN json('{"see_licences":false}') ELSE json('{}') END
    ),
    'modes', json('{}'),
    'askers', CASE WHEN t."users_request" = 0 THEN json('{"licence_change":"portal_admins"}') ELSE json('{}') END
  )
  FROM "customers" c
  LEFT JOIN "portals" p ON p."msp_id" = c."msp_id" AND p."customer_id" = c."id"
  LEFT JOIN "licence_terms" t ON t."msp_id" = c."msp_id" AND t."customer_id" = c."id" AND t."id" = c."id"
  WHERE p."directory_shown" = 0 OR p."reports_shown" = 0 OR t."users_see" = 0 OR t."users_request" = 0;
-- A request is under way and done as its ticket is: what happens to the ticket's state is written into the request's history by
-- the same hand, in the statement that tells it in the ticket's.
CREATE TRIGGER "tickets_move_requests" AFTER INSERT ON "ticket_entries"
WHEN new.event IS NOT NULL AND json_extract(new.event, '$.type') = 'state'
BEGIN
  INSERT INTO request_events (msp_id, id, customer_id, request_id, type, actor_kind, actor_id, actor_name, created_at)
    SELECT r.msp_id, new.id, r.customer_id, r.id,
      CASE
        WHEN json_extract(new.event, '$.to') IN ('resolved', 'closed') THEN 'done'
        WHEN r.state = 'done' THEN 'reopened'
        ELSE 'started'
      END,
      new.author_kind, new.author, new.author_name, new.created_at
    FROM service_requests r
    WHERE r.msp_id = new.msp_id AND r.customer_id = new.customer_id AND r.ticket_id = new.ticket_id
      AND CASE
        WHEN json_extract(new.event, '$.to') IN ('resolved', 'closed') THEN r.state IN ('approved', 'in_progress')
        ELSE r.state IN ('approved', 'done')
      END;
  UPDATE service_requests SET
    state = CASE WHEN json_extract(new.event, '$.to') IN ('resolved', 'closed') THEN 'done' ELSE 'in_progress' END,
    ended_at = CASE WHEN json_extract(new.event, '$.to') IN ('resolved', 'closed') THEN new.created_at END,
    changed_at = new.created_at,
    version = version + 1
  WHERE msp_id = new.msp_id AND customer_id = new.customer_id AND ticket_id = new.ticket_id
    AND CASE
      WHEN json_extract(new.event, '$.to') IN ('resolved', 'closed') THEN state IN ('approved', 'in_progress')
      ELSE state IN ('approved', 'done')
    END;
END;
-- Seats that were planned for a request that ended are planned no more, until it goes on.
CREATE TRIGGER "requests_leave_seats" AFTER UPDATE OF ended_at ON "service_requests"
WHEN (old.ended_at IS NULL) <> (new.ended_at IS NULL)
BEGIN
  UPDATE request_seats SET released_at = new.ended_at WHERE msp_id = new.msp_id AND customer_id = new.customer_id AND request_id = new.id;
END;
-- Whoever could approve for their company and cannot any more: what then waits for nobody there is looked at by the next sweep,
-- which asks the MSP.
CREATE TRIGGER "contacts_leave_requests" AFTER UPDATE OF is_portal_admin, access, removed_at ON "contacts"
WHEN old.is_portal_admin = 1 AND old.access = 'active' AND old.removed_at IS NULL
  AND NOT (new.is_portal_admin = 1 AND new.access = 'active' AND new.removed_at IS NULL)
BEGIN
  UPDATE service_requests SET attend_at = 0
  WHERE msp_id = new.msp_id AND customer_id = new.customer_id AND state = 'awaiting_customer'
    AND NOT EXISTS (
      SELECT 1 FROM contacts c
      WHERE c.msp_id = new.msp_id AND c.customer_id = new.customer_id AND c.is_portal_admin = 1 AND c.access = 'active'
        AND c.removed_at IS NULL AND c.id <> service_requests.requested_by
    );
END;
