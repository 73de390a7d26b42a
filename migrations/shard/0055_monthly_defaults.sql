-- Whether monthly reports are mailed, on which day and what they tell: as the MSP has it, unless a customer has it otherwise.
ALTER TABLE "msps" ADD COLUMN "monthly_sent" integer DEFAULT true NOT NULL;
ALTER TABLE "msps" ADD COLUMN "monthly_parts" text;
ALTER TABLE "msps" ADD COLUMN "monthly_day" integer DEFAULT 1 NOT NULL;
ALTER TABLE "portals" ADD COLUMN "monthly_sent" integer;
ALTER TABLE "portals" ADD COLUMN "monthly_day" integer;
