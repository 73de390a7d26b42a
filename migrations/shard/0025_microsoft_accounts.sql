-- People may sign in with Microsoft: known by the ids of tenant and account, never by an address. A session says how it was begun.
ALTER TABLE "contacts" ADD COLUMN "microsoft_tenant_id" text;
ALTER TABLE "contacts" ADD COLUMN "microsoft_object_id" text;
ALTER TABLE "contacts" ADD COLUMN "microsoft_account" text;
ALTER TABLE "contacts" ADD COLUMN "microsoft_linked_at" integer;
CREATE INDEX "contacts_by_microsoft" ON "contacts" ("msp_id","customer_id","microsoft_tenant_id","microsoft_object_id") WHERE microsoft_object_id is not null;
ALTER TABLE "staff" ADD COLUMN "microsoft_tenant_id" text;
ALTER TABLE "staff" ADD COLUMN "microsoft_object_id" text;
ALTER TABLE "staff" ADD COLUMN "microsoft_account" text;
ALTER TABLE "staff" ADD COLUMN "microsoft_linked_at" integer;
CREATE UNIQUE INDEX "staff_by_microsoft" ON "staff" ("msp_id","microsoft_tenant_id","microsoft_object_id") WHERE microsoft_object_id is not null;
ALTER TABLE "sessions" ADD COLUMN "method" text DEFAULT 'password' NOT NULL;
-- What was proven at the sign-in host and waits, for a minute, for the browser that began it. The id is the hash of its code.
CREATE TABLE "hand_overs" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "customer_id" text,
  "host" text NOT NULL,
  "flow_hash" text NOT NULL,
  "proven" text NOT NULL,
  "return_to" text NOT NULL,
  "created_at" integer NOT NULL,
  "expires_at" integer NOT NULL,
  "consumed_at" integer,
  PRIMARY KEY("msp_id", "id"),
  FOREIGN KEY ("msp_id") REFERENCES "msps"("msp_id") ON UPDATE cascade ON DELETE restrict,
  FOREIGN KEY ("msp_id","customer_id") REFERENCES "customers"("msp_id","id") ON UPDATE cascade ON DELETE restrict
);
CREATE INDEX "hand_overs_by_customer" ON "hand_overs" ("msp_id","customer_id");
CREATE INDEX "hand_overs_by_expiry" ON "hand_overs" ("expires_at");
