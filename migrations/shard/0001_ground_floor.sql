CREATE TABLE "msps" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "version" integer DEFAULT 1 NOT NULL,
  "name" text NOT NULL,
  "help_phone" text,
  "help_email" text,
  "help_hours" text,
  "address" text,
  "time_zone" text NOT NULL,
  "locale" text DEFAULT 'en-GB' NOT NULL,
  "currency" text DEFAULT 'GBP' NOT NULL,
  "homepage" text,
  "primary_colour" text NOT NULL,
  "accent_colour" text NOT NULL,
  "logo_key" text,
  "mail_from_name" text NOT NULL,
  "mail_reply_to" text,
  "created_at" integer NOT NULL,
  PRIMARY KEY("msp_id", "id")
);

CREATE UNIQUE INDEX "msps_by_owner" ON "msps" ("msp_id");
CREATE TABLE "staff" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "version" integer DEFAULT 1 NOT NULL,
  "name" text NOT NULL,
  "email" text NOT NULL,
  "role" text NOT NULL,
  "disabled" integer DEFAULT false NOT NULL,
  "password_hash" text,
  "last_sign_in_at" integer,
  "created_at" integer NOT NULL,
  PRIMARY KEY("msp_id", "id"),
  FOREIGN KEY ("msp_id") REFERENCES "msps"("msp_id") ON UPDATE cascade ON DELETE restrict
);

CREATE UNIQUE INDEX "staff_by_email" ON "staff" ("msp_id","email");
CREATE TABLE "contacts" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "customer_id" text NOT NULL,
  "version" integer DEFAULT 1 NOT NULL,
  "name" text NOT NULL,
  "email" text,
  "phone" text,
  "job_title" text,
  "is_portal_user" integer DEFAULT false NOT NULL,
  "is_portal_admin" integer DEFAULT false NOT NULL,
  "is_the_admin" integer DEFAULT false NOT NULL,
  "access" text DEFAULT 'none' NOT NULL,
  "licence_permission" text DEFAULT 'none' NOT NULL,
  "escalation_position" integer NOT NULL,
  "password_hash" text,
  "invited_at" integer,
  "confirmed_at" integer,
  "last_sign_in_at" integer,
  "created_at" integer NOT NULL,
  PRIMARY KEY("msp_id", "id"),
  FOREIGN KEY ("msp_id","customer_id") REFERENCES "customers"("msp_id","id") ON UPDATE cascade ON DELETE restrict
);

CREATE UNIQUE INDEX "contacts_below_customer" ON "contacts" ("msp_id","customer_id","id");
CREATE UNIQUE INDEX "contacts_by_email" ON "contacts" ("msp_id","customer_id","email");
CREATE INDEX "contacts_by_escalation" ON "contacts" ("msp_id","customer_id","escalation_position","id");
CREATE UNIQUE INDEX "contacts_one_admin" ON "contacts" ("msp_id","customer_id") WHERE is_the_admin = 1;
CREATE TABLE "customer_words" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "customer_id" text NOT NULL,
  "word" text NOT NULL,
  PRIMARY KEY("msp_id", "word", "customer_id", "id"),
  FOREIGN KEY ("msp_id","customer_id") REFERENCES "customers"("msp_id","id") ON UPDATE cascade ON DELETE restrict
);

CREATE INDEX "customer_words_by_customer" ON "customer_words" ("msp_id","customer_id");
CREATE TABLE "customers" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "version" integer DEFAULT 1 NOT NULL,
  "name" text NOT NULL,
  "sort_name" text NOT NULL,
  "state" text DEFAULT 'active' NOT NULL,
  "email" text,
  "phone" text,
  "address" text,
  "notes" text,
  "psa_id" text,
  "created_at" integer NOT NULL,
  "tenant_count" integer DEFAULT 0 NOT NULL,
  "contact_count" integer DEFAULT 0 NOT NULL,
  "licensed_user_count" integer DEFAULT 0 NOT NULL,
  "primary_contact_name" text,
  "health_rank" integer DEFAULT 3 NOT NULL,
  "health_since" integer,
  "health_reasons" text DEFAULT '[]' NOT NULL,
  "health_as_of" integer,
  "portal_state" text DEFAULT 'none' NOT NULL,
  "portal_host" text,
  PRIMARY KEY("msp_id", "id"),
  FOREIGN KEY ("msp_id") REFERENCES "msps"("msp_id") ON UPDATE cascade ON DELETE restrict
);

CREATE INDEX "customers_by_name" ON "customers" ("msp_id","state","sort_name","id");
CREATE INDEX "customers_by_age" ON "customers" ("msp_id","state","created_at","id");
CREATE INDEX "customers_by_users" ON "customers" ("msp_id","state","licensed_user_count","id");
CREATE INDEX "customers_by_tenants" ON "customers" ("msp_id","state","tenant_count","id");
CREATE INDEX "customers_by_health" ON "customers" ("msp_id","state","health_rank","sort_name","id");
CREATE TABLE "invitations" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "customer_id" text NOT NULL,
  "contact_id" text NOT NULL,
  "token_hash" text NOT NULL,
  "created_at" integer NOT NULL,
  "expires_at" integer NOT NULL,
  "consumed_at" integer,
  "revoked_at" integer,
  PRIMARY KEY("msp_id", "id"),
  FOREIGN KEY ("msp_id","customer_id") REFERENCES "customers"("msp_id","id") ON UPDATE cascade ON DELETE restrict,
  FOREIGN KEY ("msp_id","customer_id","contact_id") REFERENCES "contacts"("msp_id","customer_id","id") ON UPDATE cascade ON DELETE restrict
);

CREATE UNIQUE INDEX "invitations_by_token" ON "invitations" ("msp_id","token_hash");
CREATE INDEX "invitations_by_contact" ON "invitations" ("msp_id","customer_id","contact_id");
CREATE TABLE "logos" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "customer_id" text,
  "object_key" text NOT NULL,
  "media_type" text NOT NULL,
  "width" integer NOT NULL,
  "height" integer NOT NULL,
  "byte_count" integer NOT NULL,
  "created_at" integer NOT NULL,
  PRIMARY KEY("msp_id", "id"),
  FOREIGN KEY ("msp_id") REFERENCES "msps"("msp_id") ON UPDATE cascade ON DELETE restrict,
  FOREIGN KEY ("msp_id","customer_id") REFERENCES "customers"("msp_id","id") ON UPDATE cascade ON DELETE restrict
);

CREATE INDEX "logos_by_customer" ON "logos" ("msp_id","customer_id");
CREATE TABLE "portals" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "customer_id" text NOT NULL,
  "version" integer DEFAULT 1 NOT NULL,
  "state" text NOT NULL,
  "prefix" text NOT NULL,
  "host" text NOT NULL,
  "address_state" text NOT NULL,
  "display_name" text,
  "homepage" text,
  "primary_colour" text,
  "accent_colour" text,
  "logo_key" text,
  "created_at" integer NOT NULL,
  PRIMARY KEY("msp_id", "id"),
  FOREIGN KEY ("msp_id","customer_id") REFERENCES "customers"("msp_id","id") ON UPDATE cascade ON DELETE restrict
);

CREATE UNIQUE INDEX "portals_by_customer" ON "portals" ("msp_id","customer_id");
CREATE UNIQUE INDEX "portals_by_host" ON "portals" ("msp_id","host");
CREATE TABLE "connection_attempts" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "customer_id" text NOT NULL,
  "staff_id" text NOT NULL,
  "entra_tenant_id" text NOT NULL,
  "domain" text NOT NULL,
  "state_hash" text NOT NULL,
  "flow_hash" text NOT NULL,
  "nonce_hash" text NOT NULL,
  "verifier_sealed" text NOT NULL,
  "step" text NOT NULL,
  "proven_by" text,
  "code_hash" text,
  "code_expires_at" integer,
  "expires_at" integer NOT NULL,
  "created_at" integer NOT NULL,
  PRIMARY KEY("msp_id", "id"),
  FOREIGN KEY ("msp_id","customer_id") REFERENCES "customers"("msp_id","id") ON UPDATE cascade ON DELETE restrict,
  FOREIGN KEY ("msp_id","staff_id") REFERENCES "staff"("msp_id","id") ON UPDATE cascade ON DELETE restrict
);

CREATE INDEX "connection_attempts_by_customer" ON "connection_attempts" ("msp_id","customer_id");
CREATE INDEX "connection_attempts_by_expiry" ON "connection_attempts" ("expires_at");
CREATE TABLE "seat_counts" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "tenant_id" text NOT NULL,
  "sku_part_number" text NOT NULL,
  "bought_count" integer NOT NULL,
  "assigned_count" integer NOT NULL,
  "suspended_count" integer NOT NULL,
  "status" text NOT NULL,
  "hidden" integer NOT NULL,
  "over_since" integer,
  "as_of" integer NOT NULL,
  PRIMARY KEY("msp_id", "tenant_id", "id"),
  FOREIGN KEY ("msp_id","tenant_id") REFERENCES "tenants"("msp_id","id") ON UPDATE cascade ON DELETE restrict
);

CREATE TABLE "security_alerts" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "tenant_id" text NOT NULL,
  "title" text NOT NULL,
  "severity" text NOT NULL,
  "status" text NOT NULL,
  "raised_at" integer,
  "as_of" integer NOT NULL,
  PRIMARY KEY("msp_id", "tenant_id", "id"),
  FOREIGN KEY ("msp_id","tenant_id") REFERENCES "tenants"("msp_id","id") ON UPDATE cascade ON DELETE restrict
);

CREATE TABLE "security_scores" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "tenant_id" text NOT NULL,
  "current_hundredths" integer NOT NULL,
  "max_hundredths" integer NOT NULL,
  "comparison_hundredths" integer,
  "as_of" integer NOT NULL,
  PRIMARY KEY("msp_id", "tenant_id", "id"),
  FOREIGN KEY ("msp_id","tenant_id") REFERENCES "tenants"("msp_id","id") ON UPDATE cascade ON DELETE restrict
);

CREATE TABLE "service_health" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "tenant_id" text NOT NULL,
  "service" text NOT NULL,
  "state" text NOT NULL,
  "issue_title" text,
  "since" integer,
  "as_of" integer NOT NULL,
  PRIMARY KEY("msp_id", "tenant_id", "id"),
  FOREIGN KEY ("msp_id","tenant_id") REFERENCES "tenants"("msp_id","id") ON UPDATE cascade ON DELETE restrict
);

CREATE TABLE "subscriptions" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "tenant_id" text NOT NULL,
  "sku_id" text NOT NULL,
  "sku_part_number" text NOT NULL,
  "status" text NOT NULL,
  "seat_count" integer NOT NULL,
  "is_trial" integer NOT NULL,
  "next_lifecycle_at" integer,
  "as_of" integer NOT NULL,
  PRIMARY KEY("msp_id", "tenant_id", "id"),
  FOREIGN KEY ("msp_id","tenant_id") REFERENCES "tenants"("msp_id","id") ON UPDATE cascade ON DELETE restrict
);

CREATE TABLE "sync_runs" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "tenant_id" text NOT NULL,
  "kind" text NOT NULL,
  "state" text NOT NULL,
  "step" text NOT NULL,
  "cursor" text,
  "page_count" integer DEFAULT 0 NOT NULL,
  "user_count" integer DEFAULT 0 NOT NULL,
  "user_count_expected" integer,
  "change_count" integer DEFAULT 0 NOT NULL,
  "active_user_delta" integer DEFAULT 0 NOT NULL,
  "guest_delta" integer DEFAULT 0 NOT NULL,
  "blocked_user_delta" integer DEFAULT 0 NOT NULL,
  "licensed_user_delta" integer DEFAULT 0 NOT NULL,
  "trouble" text DEFAULT '[]' NOT NULL,
  "started_at" integer NOT NULL,
  "finished_at" integer,
  PRIMARY KEY("msp_id", "id"),
  FOREIGN KEY ("msp_id","tenant_id") REFERENCES "tenants"("msp_id","id") ON UPDATE cascade ON DELETE restrict
);

CREATE INDEX "sync_runs_by_tenant" ON "sync_runs" ("msp_id","tenant_id","started_at");
CREATE INDEX "sync_runs_finished" ON "sync_runs" ("finished_at");
CREATE UNIQUE INDEX "sync_runs_one_at_a_time" ON "sync_runs" ("msp_id","tenant_id") WHERE state = 'running';
CREATE TABLE "tenant_days" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "tenant_id" text NOT NULL,
  "active_user_count" integer NOT NULL,
  "licensed_user_count" integer NOT NULL,
  "seats" text NOT NULL,
  PRIMARY KEY("msp_id", "tenant_id", "id"),
  FOREIGN KEY ("msp_id","tenant_id") REFERENCES "tenants"("msp_id","id") ON UPDATE cascade ON DELETE restrict
);

CREATE TABLE "tenant_users" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "tenant_id" text NOT NULL,
  "display_name" text NOT NULL,
  "user_principal_name" text NOT NULL,
  "mail" text,
  "job_title" text,
  "department" text,
  "business_phone" text,
  "mobile_phone" text,
  "account_created_at" text,
  "is_guest" integer NOT NULL,
  "sign_in_allowed" integer NOT NULL,
  "is_licensed" integer NOT NULL,
  "sku_ids" text NOT NULL,
  "seen_in_run" text NOT NULL,
  PRIMARY KEY("msp_id", "tenant_id", "id"),
  FOREIGN KEY ("msp_id","tenant_id") REFERENCES "tenants"("msp_id","id") ON UPDATE cascade ON DELETE restrict
);

CREATE INDEX "tenant_users_by_name" ON "tenant_users" ("msp_id","tenant_id","display_name","id");
CREATE TABLE "tenants" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "customer_id" text NOT NULL,
  "version" integer DEFAULT 1 NOT NULL,
  "entra_tenant_id" text NOT NULL,
  "name" text NOT NULL,
  "domain" text NOT NULL,
  "state" text NOT NULL,
  "connected_at" integer NOT NULL,
  "connected_by" text NOT NULL,
  "consent_lost_at" integer,
  "removed_at" integer,
  "user_cursor" text,
  "next_sync_at" integer,
  "last_good_sync_at" integer,
  "active_user_count" integer DEFAULT 0 NOT NULL,
  "guest_count" integer DEFAULT 0 NOT NULL,
  "blocked_user_count" integer DEFAULT 0 NOT NULL,
  "licensed_user_count" integer DEFAULT 0 NOT NULL,
  "health_rank" integer DEFAULT 3 NOT NULL,
  "health_reasons" text DEFAULT '[]' NOT NULL,
  "health_since" integer,
  PRIMARY KEY("msp_id", "id"),
  FOREIGN KEY ("msp_id","customer_id") REFERENCES "customers"("msp_id","id") ON UPDATE cascade ON DELETE restrict
);

CREATE INDEX "tenants_by_customer" ON "tenants" ("msp_id","customer_id");
CREATE UNIQUE INDEX "tenants_held_once" ON "tenants" ("msp_id","entra_tenant_id") WHERE removed_at is null;
CREATE INDEX "tenants_by_next_sync" ON "tenants" ("next_sync_at") WHERE state = 'connected';
CREATE TABLE "user_changes" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "tenant_id" text NOT NULL,
  "day" text NOT NULL,
  "kind" text NOT NULL,
  "user_id" text NOT NULL,
  "name" text NOT NULL,
  "detail" text,
  "at" integer NOT NULL,
  PRIMARY KEY("msp_id", "tenant_id", "id"),
  FOREIGN KEY ("msp_id","tenant_id") REFERENCES "tenants"("msp_id","id") ON UPDATE cascade ON DELETE restrict
);

CREATE INDEX "user_changes_by_time" ON "user_changes" ("msp_id","tenant_id","at");
CREATE TABLE "activities" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "customer_id" text,
  "at" integer NOT NULL,
  "actor_kind" text NOT NULL,
  "actor_id" text NOT NULL,
  "actor_name" text NOT NULL,
  "action" text NOT NULL,
  "subject_kind" text NOT NULL,
  "subject_id" text NOT NULL,
  "subject_name" text NOT NULL,
  "changes" text NOT NULL,
  "request_id" text,
  PRIMARY KEY("msp_id", "id"),
  FOREIGN KEY ("msp_id") REFERENCES "msps"("msp_id") ON UPDATE cascade ON DELETE restrict,
  FOREIGN KEY ("msp_id","customer_id") REFERENCES "customers"("msp_id","id") ON UPDATE cascade ON DELETE restrict
);

CREATE INDEX "activities_by_customer" ON "activities" ("msp_id","customer_id","id");
CREATE TABLE "idempotency_keys" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "customer_id" text,
  "body_hash" text NOT NULL,
  "status" integer NOT NULL,
  "answer" text,
  "created_at" integer NOT NULL,
  PRIMARY KEY("msp_id", "id"),
  FOREIGN KEY ("msp_id") REFERENCES "msps"("msp_id") ON UPDATE cascade ON DELETE restrict
);

CREATE INDEX "idempotency_keys_by_age" ON "idempotency_keys" ("created_at");
CREATE TABLE "jobs" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "customer_id" text,
  "kind" text NOT NULL,
  "payload" text NOT NULL,
  "natural_key" text NOT NULL,
  "subject_name" text NOT NULL,
  "state" text NOT NULL,
  "due_at" integer NOT NULL,
  "attempt_count" integer DEFAULT 0 NOT NULL,
  "lease_token" text,
  "lease_until" integer,
  "trouble" text,
  "created_at" integer NOT NULL,
  "started_at" integer,
  "finished_at" integer,
  PRIMARY KEY("msp_id", "id"),
  FOREIGN KEY ("msp_id") REFERENCES "msps"("msp_id") ON UPDATE cascade ON DELETE restrict,
  FOREIGN KEY ("msp_id","customer_id") REFERENCES "customers"("msp_id","id") ON UPDATE cascade ON DELETE restrict
);

CREATE UNIQUE INDEX "jobs_alive_once" ON "jobs" ("msp_id","natural_key") WHERE state in ('waiting', 'running');
CREATE INDEX "jobs_due" ON "jobs" ("due_at") WHERE state in ('waiting', 'running');
CREATE INDEX "jobs_by_state" ON "jobs" ("msp_id","state","id");
CREATE INDEX "jobs_by_age" ON "jobs" ("msp_id","id");
CREATE INDEX "jobs_open_by_customer" ON "jobs" ("msp_id","customer_id","kind") WHERE state in ('waiting', 'running', 'parked');
CREATE INDEX "jobs_by_key" ON "jobs" ("msp_id","natural_key","id");
CREATE INDEX "jobs_finished" ON "jobs" ("finished_at") WHERE state = 'done';
CREATE TABLE "sessions" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "host" text NOT NULL,
  "staff_id" text,
  "customer_id" text,
  "contact_id" text,
  "created_at" integer NOT NULL,
  "seen_at" integer NOT NULL,
  "expires_at" integer NOT NULL,
  PRIMARY KEY("msp_id", "id"),
  FOREIGN KEY ("msp_id","staff_id") REFERENCES "staff"("msp_id","id") ON UPDATE cascade ON DELETE restrict,
  FOREIGN KEY ("msp_id","customer_id","contact_id") REFERENCES "contacts"("msp_id","customer_id","id") ON UPDATE cascade ON DELETE restrict
);

CREATE INDEX "sessions_by_staff" ON "sessions" ("msp_id","staff_id");
CREATE INDEX "sessions_by_contact" ON "sessions" ("msp_id","contact_id");
CREATE INDEX "sessions_by_expiry" ON "sessions" ("expires_at");
-- Activity is append-only: nobody, not even this program, rewrites what was done.
CREATE TRIGGER "activities_never_change" BEFORE UPDATE ON "activities"
BEGIN
  SELECT RAISE(ABORT, 'activities are append-only');
END;
CREATE TRIGGER "activities_never_go" BEFORE DELETE ON "activities"
BEGIN
  SELECT RAISE(ABORT, 'activities are append-only');
END;
