-- A second step when staff sign in: codes of an authenticator app (RFC 6238), and single-use recovery codes beside them.
ALTER TABLE "staff" ADD COLUMN "totp_sealed" text;
ALTER TABLE "staff" ADD COLUMN "totp_pending_sealed" text;
ALTER TABLE "staff" ADD COLUMN "totp_last_step" integer;
ALTER TABLE "staff" ADD COLUMN "two_step_since" integer;
ALTER TABLE "msps" ADD COLUMN "two_step_required" integer DEFAULT false NOT NULL;
CREATE TABLE "recovery_codes" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "staff_id" text NOT NULL,
  "used_at" integer,
  PRIMARY KEY("msp_id", "id"),
  FOREIGN KEY ("msp_id","staff_id") REFERENCES "staff"("msp_id","id") ON UPDATE cascade ON DELETE restrict
);
CREATE INDEX "recovery_codes_by_staff" ON "recovery_codes" ("msp_id","staff_id");
CREATE TABLE "pending_sign_ins" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "staff_id" text NOT NULL,
  "host" text NOT NULL,
  "expires_at" integer NOT NULL,
  PRIMARY KEY("msp_id", "id"),
  FOREIGN KEY ("msp_id","staff_id") REFERENCES "staff"("msp_id","id") ON UPDATE cascade ON DELETE restrict
);
CREATE INDEX "pending_sign_ins_by_staff" ON "pending_sign_ins" ("msp_id","staff_id");
CREATE INDEX "pending_sign_ins_by_expiry" ON "pending_sign_ins" ("expires_at");
