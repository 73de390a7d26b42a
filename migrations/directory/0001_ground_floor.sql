CREATE TABLE "hostnames" (
  "hostname" text PRIMARY KEY NOT NULL,
  "state" text NOT NULL,
  "msp_id" text NOT NULL,
  "customer_id" text NOT NULL,
  "shard" text NOT NULL,
  "expires_at" integer,
  "rests_until" integer,
  "changed_at" integer NOT NULL
);

CREATE INDEX "hostnames_by_expiry" ON "hostnames" ("state","expires_at");
CREATE INDEX "hostnames_by_customer" ON "hostnames" ("msp_id","customer_id");
CREATE TABLE "microsoft_states" (
  "state_hash" text PRIMARY KEY NOT NULL,
  "shard" text NOT NULL,
  "msp_id" text NOT NULL,
  "attempt_id" text NOT NULL,
  "expires_at" integer NOT NULL
);

CREATE INDEX "microsoft_states_by_expiry" ON "microsoft_states" ("expires_at");
CREATE TABLE "msp_places" (
  "msp_id" text PRIMARY KEY NOT NULL,
  "shard" text NOT NULL,
  "created_at" integer NOT NULL
);

CREATE TABLE "sign_in_attempts" (
  "key" text PRIMARY KEY NOT NULL,
  "failure_count" integer NOT NULL,
  "blocked_until" integer NOT NULL,
  "forget_at" integer NOT NULL
);

CREATE INDEX "sign_in_attempts_by_age" ON "sign_in_attempts" ("forget_at");
CREATE TABLE "staff_emails" (
  "email" text PRIMARY KEY NOT NULL,
  "msp_id" text NOT NULL,
  "shard" text NOT NULL,
  "state" text NOT NULL,
  "expires_at" integer
);
