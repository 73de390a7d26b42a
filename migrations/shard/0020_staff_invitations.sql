-- Staff are invited by mail; who has accepted has confirmed their address. Whoever has a password by now was let in before.
ALTER TABLE "staff" ADD COLUMN "confirmed_at" integer;
UPDATE "staff" SET "confirmed_at" = "created_at" WHERE "password_hash" IS NOT NULL;
CREATE TABLE "staff_invitations" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "staff_id" text NOT NULL,
  "token_hash" text NOT NULL,
  "created_at" integer NOT NULL,
  "expires_at" integer NOT NULL,
  "consumed_at" integer,
  "revoked_at" integer,
  PRIMARY KEY("msp_id", "id"),
  FOREIGN KEY ("msp_id","staff_id") REFERENCES "staff"("msp_id","id") ON UPDATE cascade ON DELETE restrict
);
CREATE UNIQUE INDEX "staff_invitations_by_token" ON "staff_invitations" ("msp_id","token_hash");
CREATE INDEX "staff_invitations_by_staff" ON "staff_invitations" ("msp_id","staff_id");
CREATE INDEX "staff_invitations_by_expiry" ON "staff_invitations" ("expires_at");
