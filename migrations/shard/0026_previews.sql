-- Staff look at a portal as one of its contacts, for half an hour, and change nothing. The id is the hash of the cookie's secret.
CREATE TABLE "previews" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "customer_id" text NOT NULL,
  "contact_id" text NOT NULL,
  "staff_id" text NOT NULL,
  "host" text NOT NULL,
  "created_at" integer NOT NULL,
  "expires_at" integer NOT NULL,
  PRIMARY KEY("msp_id", "id"),
  FOREIGN KEY ("msp_id","staff_id") REFERENCES "staff"("msp_id","id") ON UPDATE cascade ON DELETE restrict,
  FOREIGN KEY ("msp_id","customer_id","contact_id") REFERENCES "contacts"("msp_id","customer_id","id") ON UPDATE cascade ON DELETE restrict
);
CREATE INDEX "previews_by_staff" ON "previews" ("msp_id","staff_id");
CREATE INDEX "previews_by_contact" ON "previews" ("msp_id","customer_id","contact_id");
CREATE INDEX "previews_by_expiry" ON "previews" ("expires_at");
