-- Links by which somebody who forgot their password sets a new one: each works once, for an hour.
CREATE TABLE "password_resets" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "staff_id" text,
  "customer_id" text,
  "contact_id" text,
  "token_hash" text NOT NULL,
  "created_at" integer NOT NULL,
  "expires_at" integer NOT NULL,
  "consumed_at" integer,
  PRIMARY KEY("msp_id", "id"),
  FOREIGN KEY ("msp_id","staff_id") REFERENCES "staff"("msp_id","id") ON UPDATE cascade ON DELETE restrict,
  FOREIGN KEY ("msp_id","customer_id","contact_id") REFERENCES "contacts"("msp_id","customer_id","id") ON UPDATE cascade ON DELETE restrict
);
CREATE UNIQUE INDEX "password_resets_by_token" ON "password_resets" ("msp_id","token_hash");
CREATE INDEX "password_resets_by_staff" ON "password_resets" ("msp_id","staff_id");
CREATE INDEX "password_resets_by_contact" ON "password_resets" ("msp_id","contact_id");
CREATE INDEX "password_resets_by_expiry" ON "password_resets" ("expires_at");
