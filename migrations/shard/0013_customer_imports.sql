CREATE TABLE "customer_imports" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "version" integer DEFAULT 1 NOT NULL,
  "file_name" text NOT NULL,
  "state" text NOT NULL,
  "object_key" text,
  "byte_count" integer,
  "encoding" text,
  "delimiter" text,
  "columns" text DEFAULT '[]' NOT NULL,
  "row_count" integer,
  "create_count" integer DEFAULT 0 NOT NULL,
  "update_count" integer DEFAULT 0 NOT NULL,
  "unchanged_count" integer DEFAULT 0 NOT NULL,
  "skip_count" integer DEFAULT 0 NOT NULL,
  "error_count" integer DEFAULT 0 NOT NULL,
  "work_count" integer DEFAULT 0 NOT NULL,
  "done_count" integer DEFAULT 0 NOT NULL,
  "last_row_id" text,
  "trouble" text,
  "created_by_name" text NOT NULL,
  "actor_kind" text NOT NULL,
  "actor_id" text NOT NULL,
  "actor_name" text NOT NULL,
  "created_at" integer NOT NULL,
  "finished_at" integer,
  "undone_at" integer,
  "undo_left_count" integer DEFAULT 0 NOT NULL,
  "expires_at" integer NOT NULL,
  PRIMARY KEY("msp_id", "id"),
  FOREIGN KEY ("msp_id") REFERENCES "msps"("msp_id") ON UPDATE cascade ON DELETE restrict
);

CREATE UNIQUE INDEX "customer_imports_one_at_work" ON "customer_imports" ("msp_id") WHERE state in ('running', 'undoing');
CREATE INDEX "customer_imports_expiring" ON "customer_imports" ("expires_at");
CREATE TABLE "customer_import_rows" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "version" integer DEFAULT 1 NOT NULL,
  "import_id" text NOT NULL,
  "line" integer NOT NULL,
  "cells" text NOT NULL,
  "fault" text,
  "is_skipped" integer DEFAULT false NOT NULL,
  "decision" text NOT NULL,
  "decided_customer_id" text,
  "customer_name" text,
  "changes" text NOT NULL,
  "faults" text NOT NULL,
  "written_version" integer,
  "undoing" text,
  "undo_reason" text,
  PRIMARY KEY("msp_id", "id"),
  FOREIGN KEY ("msp_id","import_id") REFERENCES "customer_imports"("msp_id","id") ON UPDATE cascade ON DELETE restrict
);

CREATE INDEX "customer_import_rows_by_decision" ON "customer_import_rows" ("msp_id","import_id","decision","id");
CREATE INDEX "customer_import_rows_by_undoing" ON "customer_import_rows" ("msp_id","import_id","undoing","id") WHERE undoing is not null;
CREATE TABLE "customer_import_keys" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "import_id" text NOT NULL,
  "row_id" text NOT NULL,
  "line" integer NOT NULL,
  PRIMARY KEY("msp_id", "id"),
  FOREIGN KEY ("msp_id","import_id") REFERENCES "customer_imports"("msp_id","id") ON UPDATE cascade ON DELETE restrict
);

CREATE INDEX "customer_import_keys_by_row" ON "customer_import_keys" ("msp_id","import_id","row_id");
