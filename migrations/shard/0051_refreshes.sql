-- When somebody last asked for a tenant to be read at once, so that nobody asks without end.
ALTER TABLE "tenants" ADD COLUMN "refresh_asked_at" integer;
