-- Whose manager is who, as far as Microsoft tells; read in a pass of its own, beside the sync.
ALTER TABLE "tenants" ADD COLUMN "managers_as_of" integer;
ALTER TABLE "tenants" ADD COLUMN "managers_unknown_since" integer;
ALTER TABLE "tenant_users" ADD COLUMN "manager_id" text;
CREATE INDEX "tenant_users_by_manager" ON "tenant_users" ("msp_id","tenant_id","manager_id","sort_name","id") WHERE manager_id is not null;
