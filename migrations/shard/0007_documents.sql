-- Files kept for a customer: contracts, runbooks and others. The bytes are in R2; a row tells of them.
CREATE TABLE "documents" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "customer_id" text NOT NULL,
  "version" integer DEFAULT 1 NOT NULL,
  "name" text NOT NULL,
  "sort_name" text NOT NULL,
  "category" text NOT NULL,
  "media_type" text NOT NULL,
  "byte_count" integer NOT NULL,
  "object_key" text NOT NULL,
  "upload_hash" text NOT NULL,
  "shared_with_customer" integer DEFAULT false NOT NULL,
  "added_by_kind" text NOT NULL,
  "added_by_id" text NOT NULL,
  "added_by_name" text NOT NULL,
  "created_at" integer NOT NULL,
  "deleted_at" integer,
  PRIMARY KEY("msp_id", "id"),
  FOREIGN KEY ("msp_id","customer_id") REFERENCES "customers"("msp_id","id") ON UPDATE cascade ON DELETE restrict
);
CREATE UNIQUE INDEX "documents_by_upload" ON "documents" ("msp_id","upload_hash");
CREATE INDEX "documents_by_name" ON "documents" ("msp_id","customer_id","sort_name","id") WHERE deleted_at is null;
CREATE INDEX "documents_by_age" ON "documents" ("msp_id","customer_id","id") WHERE deleted_at is null;
CREATE INDEX "documents_by_category_and_name" ON "documents" ("msp_id","customer_id","category","sort_name","id") WHERE deleted_at is null;
CREATE INDEX "documents_by_category_and_age" ON "documents" ("msp_id","customer_id","category","id") WHERE deleted_at is null;
CREATE INDEX "documents_by_sharing_and_name" ON "documents" ("msp_id","customer_id","shared_with_customer","sort_name","id") WHERE deleted_at is null;
CREATE INDEX "documents_by_sharing_and_age" ON "documents" ("msp_id","customer_id","shared_with_customer","id") WHERE deleted_at is null;
CREATE INDEX "documents_by_both_and_name" ON "documents" ("msp_id","customer_id","category","shared_with_customer","sort_name","id") WHERE deleted_at is null;
CREATE INDEX "documents_by_both_and_age" ON "documents" ("msp_id","customer_id","category","shared_with_customer","id") WHERE deleted_at is null;
CREATE INDEX "documents_deleted" ON "documents" ("msp_id","customer_id","deleted_at","id") WHERE deleted_at is not null;
CREATE INDEX "documents_by_deletion" ON "documents" ("deleted_at") WHERE deleted_at is not null;
