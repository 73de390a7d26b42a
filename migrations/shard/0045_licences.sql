-- Every licence that tenants of an MSP have, or had: what the MSP calls it and what it asks for it.
CREATE TABLE "skus" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "version" integer DEFAULT 1 NOT NULL,
  "sku_part_number" text NOT NULL,
  "microsoft_name" text,
  "own_name" text,
  "price_minor" integer,
  "price_per" text,
  "price_currency" text,
  PRIMARY KEY("msp_id", "id"),
  FOREIGN KEY ("msp_id") REFERENCES "msps"("msp_id") ON UPDATE cascade ON DELETE restrict
);
-- What Microsoft called it when the tenant was last read.
ALTER TABLE "seat_counts" ADD COLUMN "microsoft_name" text;
INSERT OR IGNORE INTO "skus" ("msp_id", "id", "sku_part_number") SELECT "msp_id", "id", "sku_part_number" FROM "seat_counts";
CREATE TRIGGER "seat_counts_known_in" AFTER INSERT ON "seat_counts"
BEGIN
  INSERT INTO skus (msp_id, id, sku_part_number, microsoft_name)
    VALUES (new.msp_id, new.id, new.sku_part_number, new.microsoft_name)
    ON CONFLICT (msp_id, id) DO UPDATE SET sku_part_number = excluded.sku_part_number,
      microsoft_name = coalesce(excluded.microsoft_name, microsoft_name)
    WHERE sku_part_number <> excluded.sku_part_number OR microsoft_name IS NOT coalesce(excluded.microsoft_name, microsoft_name);
END;
CREATE TRIGGER "seat_counts_known_anew" AFTER UPDATE OF sku_part_number, microsoft_name ON "seat_counts"
WHEN old.sku_part_number <> new.sku_part_number OR old.microsoft_name IS NOT new.microsoft_name
BEGIN
  UPDATE skus SET sku_part_number = new.sku_part_number, microsoft_name = coalesce(new.microsoft_name, microsoft_name)
    WHERE msp_id = new.msp_id AND id = new.id;
END;
-- What a customer sees of its licences, and what it pays where that is not the MSP's list price. None: the defaults.
CREATE TABLE "licence_terms" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "customer_id" text NOT NULL,
  "version" integer DEFAULT 1 NOT NULL,
  "users_see" integer DEFAULT true NOT NULL,
  "users_request" integer DEFAULT true NOT NULL,
  "costs_shown" integer DEFAULT false NOT NULL,
  "prices" text DEFAULT '{}' NOT NULL,
  PRIMARY KEY("msp_id", "id"),
  FOREIGN KEY ("msp_id", "customer_id") REFERENCES "customers"("msp_id", "id") ON UPDATE cascade ON DELETE restrict
);
CREATE INDEX "licence_terms_by_customer" ON "licence_terms" ("msp_id", "customer_id");
