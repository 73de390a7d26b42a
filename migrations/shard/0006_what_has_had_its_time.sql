-- History is kept for seven years and may be forgotten after that; nothing younger ever goes.
DROP TRIGGER "activities_never_go";
CREATE TRIGGER "activities_never_go" BEFORE DELETE ON "activities"
WHEN old.at > CAST(strftime('%s', 'now', '-7 years') AS INTEGER) * 1000
BEGIN
  SELECT RAISE(ABORT, 'activities are append-only');
END;

CREATE INDEX "jobs_given_up" ON "jobs" ("finished_at") WHERE state = 'parked';
CREATE INDEX "invitations_by_expiry" ON "invitations" ("expires_at");

-- When a tenant's health changes by time alone, such as a day after its last good sync.
ALTER TABLE "tenants" ADD COLUMN "health_due_at" integer;
CREATE INDEX "tenants_by_health_due" ON "tenants" ("health_due_at") WHERE state = 'connected';
UPDATE "tenants" SET "health_due_at" = "last_good_sync_at" + 86400001 WHERE state = 'connected';

-- A step that is now part of the one before it.
UPDATE "sync_runs" SET "step" = 'security' WHERE "step" = 'health';
