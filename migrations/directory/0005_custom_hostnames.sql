-- Names of customers' own stand beside the prefixes of portals, which alone rest once they are given up.
ALTER TABLE "hostnames" ADD COLUMN "kind" text DEFAULT 'prefix' NOT NULL;
