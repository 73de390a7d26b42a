-- What an archived customer comes back as: one that was disabled stays so.
ALTER TABLE "customers" ADD COLUMN "restores_to" text DEFAULT 'active' NOT NULL;
-- While a new portal admin has not confirmed: whom undoing brings back.
ALTER TABLE "portals" ADD COLUMN "former_admin_email" text;
