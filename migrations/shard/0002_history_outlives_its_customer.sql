-- What was done to a customer stays in the MSP's activity after the customer is deleted or merged into another,
-- so an entry names its customer without pointing at its row.
CREATE TABLE "activities_kept" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "customer_id" text,
  "at" integer NOT NULL,
  "actor_kind" text NOT NULL,
  "actor_id" text NOT NULL,
  "actor_name" text NOT NULL,
  "action" text NOT NULL,
  "subject_kind" text NOT NULL,
  "subject_id" text NOT NULL,
  "subject_name" text NOT NULL,
  "changes" text NOT NULL,
  "request_id" text,
  PRIMARY KEY("msp_id", "id"),
  FOREIGN KEY ("msp_id") REFERENCES "msps"("msp_id") ON UPDATE cascade ON DELETE restrict
);
INSERT INTO "activities_kept"
  SELECT "msp_id", "id", "customer_id", "at", "actor_kind", "actor_id", "actor_name", "action", "subject_kind", "subject_id", "subject_name", "changes", "request_id"
  FROM "activities";
DROP TRIGGER "activities_never_change";
DROP TRIGGER "activities_never_go";
DROP TABLE "activities";
ALTER TABLE "activities_kept" RENAME TO "activities";
CREATE INDEX "activities_by_customer" ON "activities" ("msp_id","customer_id","id");
CREATE TRIGGER "activities_never_change" BEFORE UPDATE ON "activities"
BEGIN
  SELECT RAISE(ABORT, 'activities are append-only');
END;
CREATE TRIGGER "activities_never_go" BEFORE DELETE ON "activities"
BEGIN
  SELECT RAISE(ABORT, 'activities are append-only');
END;
