-- How people of a portal sign in for the first time: the MSP's choice, and a customer's own where it has one.
ALTER TABLE "msps" ADD COLUMN "sign_in_policy" text DEFAULT 'invitation' NOT NULL;
ALTER TABLE "portals" ADD COLUMN "sign_in_policy" text;
-- A temporary password works until then, and only to choose another.
ALTER TABLE "contacts" ADD COLUMN "temporary_until" integer;
ALTER TABLE "invitations" ADD COLUMN "policy" text DEFAULT 'invitation' NOT NULL;
-- Somebody who did things here and was deleted: their row stays, without anything of theirs.
ALTER TABLE "contacts" ADD COLUMN "removed_at" integer;
