-- Much happens at one moment, so a page of history needs the ids in its order: without them all of it is sorted.
CREATE INDEX "user_changes_in_order" ON "user_changes" ("msp_id","tenant_id","at","id");
DROP INDEX "user_changes_by_time";
-- What is not over is read with each look at a service, whatever a year of it holds.
CREATE INDEX "service_issues_in_order" ON "service_issues" ("msp_id","tenant_id","is_resolved","started_at","id");
