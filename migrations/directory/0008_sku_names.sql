-- Microsoft's own names of its licences, the same for every MSP of a deployment, and when they were last looked up.
CREATE TABLE "sku_names" (
  "sku_id" text PRIMARY KEY NOT NULL,
  "part_number" text NOT NULL,
  "name" text NOT NULL,
  "changed_at" integer NOT NULL
);
CREATE TABLE "sku_name_reads" (
  "id" text PRIMARY KEY NOT NULL,
  "due_at" integer NOT NULL,
  "read_at" integer,
  "trouble" text
);
INSERT INTO "sku_name_reads" ("id", "due_at") VALUES ('microsoft', 0);
