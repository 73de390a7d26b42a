-- What is asked of staff when more people are missing from Microsoft's answer than leave at once; null while nothing is.
ALTER TABLE "tenants" ADD COLUMN "departures" text;
-- How often Microsoft was asked about the tenant, in which hour since 1970.
ALTER TABLE "tenants" ADD COLUMN "request_hour" integer;
ALTER TABLE "tenants" ADD COLUMN "request_count" integer DEFAULT 0 NOT NULL;
