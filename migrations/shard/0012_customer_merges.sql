-- Two customers made one: who went into whom, and for 30 days what undoing it needs.
CREATE TABLE "customer_merges" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "customer_id" text NOT NULL,
  "version" integer DEFAULT 1 NOT NULL,
  "survivor_id" text NOT NULL,
  "survivor_name" text NOT NULL,
  "merged_id" text NOT NULL,
  "merged_name" text NOT NULL,
  "moved" text NOT NULL,
  "kept" text,
  "merged_at" integer NOT NULL,
  "merged_by_name" text NOT NULL,
  "undo_ends_at" integer NOT NULL,
  "undone_at" integer,
  "undone_by_name" text,
  "left_behind" text DEFAULT '[]' NOT NULL,
  PRIMARY KEY("msp_id", "id"),
  FOREIGN KEY ("msp_id","customer_id") REFERENCES "customers"("msp_id","id") ON UPDATE cascade ON DELETE restrict
);
CREATE INDEX "customer_merges_by_customer" ON "customer_merges" ("msp_id","customer_id","id");
CREATE INDEX "customer_merges_to_forget" ON "customer_merges" ("undo_ends_at") WHERE kept is not null;
-- A customer that goes, and one that is merged, is looked for among the jobs by its foreign key.
CREATE INDEX "jobs_by_customer" ON "jobs" ("msp_id","customer_id");
