-- Which portals give reports to take along, what the monthly one tells, and who gets it when.
ALTER TABLE "portals" ADD COLUMN "reports_shown" integer DEFAULT true NOT NULL;
ALTER TABLE "portals" ADD COLUMN "monthly_parts" text;
ALTER TABLE "contacts" ADD COLUMN "report_due_at" integer;
CREATE INDEX "contacts_by_report_due" ON "contacts" ("report_due_at") WHERE report_due_at is not null;
