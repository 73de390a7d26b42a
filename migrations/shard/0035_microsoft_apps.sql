-- An MSP's own app registrations at Microsoft: the one in force, and those that tenants are still read with.
CREATE TABLE "microsoft_apps" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "version" integer DEFAULT 1 NOT NULL,
  "client_id" text NOT NULL,
  "directory_id" text NOT NULL,
  "client_secret_sealed" text NOT NULL,
  "expires_on" text,
  "created_at" integer NOT NULL,
  PRIMARY KEY("msp_id", "id"),
  FOREIGN KEY ("msp_id") REFERENCES "msps"("msp_id") ON UPDATE cascade ON DELETE restrict
);
CREATE UNIQUE INDEX "microsoft_apps_by_client" ON "microsoft_apps" ("msp_id","client_id");
-- Null in all three: the deployment's own application, which every tenant so far was connected with.
ALTER TABLE "msps" ADD COLUMN "microsoft_client_id" text;
ALTER TABLE "tenants" ADD COLUMN "client_id" text;
ALTER TABLE "connection_attempts" ADD COLUMN "client_id" text;
CREATE INDEX "tenants_by_client" ON "tenants" ("msp_id","client_id") WHERE removed_at is null;
