-- Which parts of a tenant Microsoft did not let us read when they were asked for last, since when and why, as JSON.
ALTER TABLE "tenants" ADD COLUMN "parts_unread" text DEFAULT '{}' NOT NULL;
