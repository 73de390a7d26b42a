-- Which licence was given or taken; null for what else happens to people.
ALTER TABLE "user_changes" ADD COLUMN "sku_id" text;

-- What is older than a year goes, found by its age among all tenants.
CREATE INDEX "user_changes_by_age" ON "user_changes" ("at");
ALTER TABLE "tenant_days" ADD COLUMN "taken_at" integer;
UPDATE "tenant_days" SET "taken_at" = CAST(strftime('%s', "id") AS INTEGER) * 1000;
CREATE INDEX "tenant_days_by_age" ON "tenant_days" ("taken_at");
ALTER TABLE "security_scores" ADD COLUMN "scored_at" integer;
UPDATE "security_scores" SET "scored_at" = CAST(strftime('%s', "id") AS INTEGER) * 1000;
CREATE INDEX "security_scores_by_age" ON "security_scores" ("scored_at");
CREATE INDEX "security_alerts_by_age" ON "security_alerts" ("raised_at");
