-- Who holds a seat of which licence, in the order of names: kept by the database itself from the people of a tenant, so that
-- no page of a sync can forget it and no sync needs a statement more for it.
CREATE TABLE "seat_holders" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "tenant_id" text NOT NULL,
  "sku_id" text NOT NULL,
  "display_name" text COLLATE NOCASE NOT NULL,
  PRIMARY KEY("msp_id", "tenant_id", "sku_id", "display_name", "id"),
  FOREIGN KEY ("msp_id", "tenant_id") REFERENCES "tenants"("msp_id", "id") ON UPDATE cascade ON DELETE restrict
) WITHOUT ROWID;
INSERT OR IGNORE INTO "seat_holders" ("msp_id", "id", "tenant_id", "sku_id", "display_name")
  SELECT person.msp_id, person.id, person.tenant_id, seat.value, person.display_name
  FROM "tenant_users" person, json_each(person.sku_ids) seat;
CREATE TRIGGER "tenant_users_seats_in" AFTER INSERT ON "tenant_users"
WHEN new.sku_ids <> '[]'
BEGIN
  INSERT INTO seat_holders (msp_id, id, tenant_id, sku_id, display_name)
    SELECT new.msp_id, new.id, new.tenant_id, seat.value, new.display_name FROM json_each(new.sku_ids) seat WHERE true
    ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER "tenant_users_seats_out" AFTER DELETE ON "tenant_users"
WHEN old.sku_ids <> '[]'
BEGIN
  DELETE FROM seat_holders WHERE msp_id = old.msp_id AND tenant_id = old.tenant_id
    AND sku_id IN (SELECT seat.value FROM json_each(old.sku_ids) seat)
    AND display_name = old.display_name AND id = old.id;
END;
CREATE TRIGGER "tenant_users_seats_moved" AFTER UPDATE OF sku_ids, display_name ON "tenant_users"
WHEN old.sku_ids <> new.sku_ids OR old.display_name <> new.display_name
BEGIN
  DELETE FROM seat_holders WHERE msp_id = old.msp_id AND tenant_id = old.tenant_id
    AND sku_id IN (SELECT seat.value FROM json_each(old.sku_ids) seat)
    AND display_name = old.display_name AND id = old.id;
  INSERT INTO seat_holders (msp_id, id, tenant_id, sku_id, display_name)
    SELECT new.msp_id, new.id, new.tenant_id, seat.value, new.display_name FROM json_each(new.sku_ids) seat WHERE true
    ON CONFLICT DO NOTHING;
END;
