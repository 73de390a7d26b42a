-- Where to look for the person of an MSP's staff who signs in with this Microsoft account. Their row in the shard is the truth.
CREATE TABLE "microsoft_staff" (
  "tenant_id" text NOT NULL,
  "object_id" text NOT NULL,
  "msp_id" text NOT NULL,
  "shard" text NOT NULL,
  "staff_id" text NOT NULL,
  PRIMARY KEY("tenant_id", "object_id")
);
