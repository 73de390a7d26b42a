-- Whom an MSP's mails come from and through which server: an address of its own, once it is verified, and a server of its own.
CREATE TABLE "mail_addresses" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "version" integer DEFAULT 1 NOT NULL,
  "address" text NOT NULL,
  "token_hash" text NOT NULL,
  "created_at" integer NOT NULL,
  "expires_at" integer NOT NULL,
  "verified_at" integer,
  PRIMARY KEY("msp_id", "id"),
  FOREIGN KEY ("msp_id") REFERENCES "msps"("msp_id") ON UPDATE cascade ON DELETE restrict
);
CREATE UNIQUE INDEX "mail_addresses_one" ON "mail_addresses" ("msp_id");
CREATE TABLE "mail_servers" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "version" integer DEFAULT 1 NOT NULL,
  "host" text NOT NULL,
  "port" integer NOT NULL,
  "security" text NOT NULL,
  "user_name" text,
  "password_sealed" text,
  "created_at" integer NOT NULL,
  PRIMARY KEY("msp_id", "id"),
  FOREIGN KEY ("msp_id") REFERENCES "msps"("msp_id") ON UPDATE cascade ON DELETE restrict
);
CREATE UNIQUE INDEX "mail_servers_one" ON "mail_servers" ("msp_id");
