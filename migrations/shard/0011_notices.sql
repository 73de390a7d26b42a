-- What an MSP tells its customers on the first page of their portals, from one moment to another.
CREATE TABLE "notices" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "version" integer DEFAULT 1 NOT NULL,
  "kind" text NOT NULL,
  "title" text NOT NULL,
  "text" text NOT NULL,
  "for_all" integer NOT NULL,
  "starts_at" integer NOT NULL,
  "ends_at" integer NOT NULL,
  "created_at" integer NOT NULL,
  PRIMARY KEY("msp_id", "id"),
  FOREIGN KEY ("msp_id") REFERENCES "msps"("msp_id") ON UPDATE cascade ON DELETE restrict
);
CREATE INDEX "notices_by_start" ON "notices" ("msp_id","starts_at","id");
CREATE INDEX "notices_by_end" ON "notices" ("msp_id","ends_at");
CREATE TABLE "notice_recipients" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "customer_id" text NOT NULL,
  PRIMARY KEY("msp_id", "customer_id", "id"),
  FOREIGN KEY ("msp_id","id") REFERENCES "notices"("msp_id","id") ON UPDATE cascade ON DELETE restrict,
  FOREIGN KEY ("msp_id","customer_id") REFERENCES "customers"("msp_id","id") ON UPDATE cascade ON DELETE restrict
);
CREATE INDEX "notice_recipients_by_notice" ON "notice_recipients" ("msp_id","id");
