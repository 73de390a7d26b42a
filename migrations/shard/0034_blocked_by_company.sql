-- Whom a portal admin kept out a portal admin may let in again. Of those who are kept out already nobody knows by whom, so
-- only the MSP lets them in.
ALTER TABLE "contacts" ADD COLUMN "is_blocked_by_company" integer DEFAULT false NOT NULL;
