-- Programs of an MSP come with a key. When it was last used is kept apart, since that is no deed of anybody's.
CREATE TABLE "api_keys" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "name" text NOT NULL,
  "handle" text NOT NULL,
  "token_hash" text NOT NULL,
  "scopes" text NOT NULL,
  "staff_id" text NOT NULL,
  "created_at" integer NOT NULL,
  "expires_at" integer NOT NULL,
  "revoked_at" integer,
  PRIMARY KEY("msp_id", "id"),
  FOREIGN KEY ("msp_id","staff_id") REFERENCES "staff"("msp_id","id") ON UPDATE cascade ON DELETE restrict
);
CREATE UNIQUE INDEX "api_keys_by_token" ON "api_keys" ("msp_id","token_hash");
CREATE TABLE "api_key_uses" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "last_used_at" integer NOT NULL,
  PRIMARY KEY("msp_id", "id"),
  FOREIGN KEY ("msp_id","id") REFERENCES "api_keys"("msp_id","id") ON UPDATE cascade ON DELETE restrict
);
