-- MSPs that sign up by themselves: nothing else of them exists before their e-mail address is confirmed.
CREATE TABLE "sign_ups" (
  "id" text PRIMARY KEY NOT NULL,
  "token_hash" text NOT NULL,
  "state" text NOT NULL,
  "email" text NOT NULL,
  "name" text NOT NULL,
  "msp_name" text NOT NULL,
  "password_hash" text NOT NULL,
  "msp_id" text,
  "shard" text,
  "staff_id" text,
  "mailed_at" integer,
  "changed_at" integer NOT NULL,
  "expires_at" integer NOT NULL
);
CREATE UNIQUE INDEX "sign_ups_by_token" ON "sign_ups" ("token_hash");
CREATE INDEX "sign_ups_by_state" ON "sign_ups" ("state","changed_at");
CREATE INDEX "sign_ups_by_expiry" ON "sign_ups" ("expires_at");
