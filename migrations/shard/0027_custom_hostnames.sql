-- A customer's own host names: claimed, proven, watched. The directory says which of them resolve.
CREATE TABLE "custom_hostnames" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "customer_id" text NOT NULL,
  "version" integer DEFAULT 1 NOT NULL,
  "hostname" text NOT NULL,
  "state" text NOT NULL,
  "proof_text" text NOT NULL,
  "found" text,
  "created_at" integer NOT NULL,
  "checked_at" integer,
  "next_check_at" integer,
  "active_since" integer,
  "trouble_since" integer,
  "given_up_at" integer,
  PRIMARY KEY("msp_id", "id"),
  FOREIGN KEY ("msp_id","customer_id") REFERENCES "customers"("msp_id","id") ON UPDATE cascade ON DELETE restrict
);
CREATE UNIQUE INDEX "custom_hostnames_by_name" ON "custom_hostnames" ("msp_id","hostname");
CREATE INDEX "custom_hostnames_by_customer" ON "custom_hostnames" ("msp_id","customer_id");
CREATE INDEX "custom_hostnames_due" ON "custom_hostnames" ("next_check_at");
-- What mails and links are built from, while it leads here; null for the prefix address.
ALTER TABLE "portals" ADD COLUMN "primary_host" text;
ALTER TABLE "portals" ADD COLUMN "primary_host_leads_here" integer DEFAULT true NOT NULL;
