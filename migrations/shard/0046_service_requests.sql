-- What a customer's people ask of their MSP by a form.
CREATE TABLE "service_requests" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "customer_id" text NOT NULL,
  "version" integer DEFAULT 1 NOT NULL,
  "type" text NOT NULL,
  "state" text NOT NULL,
  "requested_by" text NOT NULL,
  "details" text NOT NULL,
  "reason" text NOT NULL,
  "created_at" integer NOT NULL,
  "changed_at" integer NOT NULL,
  PRIMARY KEY("msp_id", "id"),
  FOREIGN KEY ("msp_id", "customer_id") REFERENCES "customers"("msp_id", "id") ON UPDATE cascade ON DELETE restrict
);
CREATE INDEX "service_requests_by_customer" ON "service_requests" ("msp_id", "customer_id", "id");
CREATE INDEX "service_requests_by_person" ON "service_requests" ("msp_id", "customer_id", "requested_by", "id");
