-- When people last signed in, as far as Microsoft tells. Known and null: it knows of no sign-in.
ALTER TABLE "tenant_users" ADD COLUMN "last_sign_in_at" integer;
ALTER TABLE "tenant_users" ADD COLUMN "sign_in_known" integer DEFAULT false NOT NULL;

ALTER TABLE "tenants" ADD COLUMN "sign_ins_as_of" integer;
ALTER TABLE "tenants" ADD COLUMN "sign_ins_unknown_since" integer;
ALTER TABLE "tenants" ADD COLUMN "sign_ins_unknown_why" text;

-- Parts that are read in passes of their own, beside the sync: when the next one is due.
ALTER TABLE "tenants" ADD COLUMN "parts_due_at" integer;
CREATE INDEX "tenants_by_parts_due" ON "tenants" ("parts_due_at") WHERE state = 'connected';
UPDATE "tenants" SET "parts_due_at" = "last_good_sync_at" WHERE state = 'connected';

-- Where the pass of a part stands, so that a killed one goes on; `id` is the part.
CREATE TABLE "part_reads" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "tenant_id" text NOT NULL,
  "cursor" text,
  "is_over" integer NOT NULL,
  "is_full" integer NOT NULL,
  "mark" text NOT NULL,
  "found_count" integer NOT NULL,
  "started_at" integer NOT NULL,
  PRIMARY KEY("msp_id", "tenant_id", "id"),
  FOREIGN KEY ("msp_id","tenant_id") REFERENCES "tenants"("msp_id","id") ON UPDATE cascade ON DELETE restrict
);
