-- Which holders of seats are guests: where a directory shows none, a list of holders reads members alone and tells how many guests it leaves out.
ALTER TABLE "seat_holders" ADD COLUMN "is_guest" integer DEFAULT false NOT NULL;
UPDATE "seat_holders" SET "is_guest" = true WHERE EXISTS (SELECT 1 FROM tenant_users person
  WHERE person.msp_id = seat_holders.msp_id AND person.tenant_id = seat_holders.tenant_id AND person.id = seat_holders.id AND person.is_guest = 1);
CREATE INDEX "seat_holders_members" ON "seat_holders" ("msp_id","tenant_id","is_guest","sku_id",display_name collate nocase,"id") WHERE is_guest = 0;
CREATE INDEX "seat_holders_members_idle_30" ON "seat_holders" ("msp_id","tenant_id","is_guest","sku_id","idle_30",display_name collate nocase,"id") WHERE is_guest = 0 and idle_30 = 1;
CREATE INDEX "seat_holders_members_idle_60" ON "seat_holders" ("msp_id","tenant_id","is_guest","sku_id","idle_60",display_name collate nocase,"id") WHERE is_guest = 0 and idle_60 = 1;
CREATE INDEX "seat_holders_members_idle_90" ON "seat_holders" ("msp_id","tenant_id","is_guest","sku_id","idle_90",display_name collate nocase,"id") WHERE is_guest = 0 and idle_90 = 1;

-- How many guests hold a seat of a licence, and how many of those seats are idle, counted by the database itself.
ALTER TABLE "seat_counts" ADD COLUMN "guest_holder_count" integer DEFAULT 0 NOT NULL;
ALTER TABLE "seat_counts" ADD COLUMN "guest_idle_30_count" integer DEFAULT 0 NOT NULL;
ALTER TABLE "seat_counts" ADD COLUMN "guest_idle_60_count" integer DEFAULT 0 NOT NULL;
ALTER TABLE "seat_counts" ADD COLUMN "guest_idle_90_count" integer DEFAULT 0 NOT NULL;
UPDATE "seat_counts" SET "guest_holder_count" = held.everybody, "guest_idle_30_count" = held.idle_30, "guest_idle_60_count" = held.idle_60, "guest_idle_90_count" = held.idle_90
  FROM (SELECT msp_id, tenant_id, sku_id, count(*) AS everybody, count(*) FILTER (WHERE idle_band >= 1) AS idle_30,
      count(*) FILTER (WHERE idle_band >= 2) AS idle_60, count(*) FILTER (WHERE idle_band >= 3) AS idle_90
    FROM seat_holders WHERE is_guest = 1 GROUP BY msp_id, tenant_id, sku_id) AS held
  WHERE held.msp_id = seat_counts.msp_id AND held.tenant_id = seat_counts.tenant_id AND held.sku_id = seat_counts.id;
CREATE TRIGGER "seat_holders_guest_in" AFTER INSERT ON "seat_holders"
WHEN new.is_guest = 1
BEGIN
  UPDATE seat_counts SET guest_holder_count = guest_holder_count + 1, guest_idle_30_count = guest_idle_30_count + (coalesce(new.idle_band, 0) >= 1),
    guest_idle_60_count = guest_idle_60_count + (coalesce(new.idle_band, 0) >= 2), guest_idle_90_count = guest_idle_90_count + (coalesce(new.idle_band, 0) >= 3)
    WHERE msp_id = new.msp_id AND tenant_id = new.tenant_id AND id = new.sku_id;
END;
CREATE TRIGGER "seat_holders_guest_out" AFTER DELETE ON "seat_holders"
WHEN old.is_guest = 1
BEGIN
  UPDATE seat_counts SET guest_holder_count = guest_holder_count - 1, guest_idle_30_count = guest_idle_30_count - (coalesce(old.idle_band, 0) >= 1),
    guest_idle_60_count = guest_idle_60_count - (coalesce(old.idle_band, 0) >= 2), guest_idle_90_count = guest_idle_90_count - (coalesce(old.idle_band, 0) >= 3)
    WHERE msp_id = old.msp_id AND tenant_id = old.tenant_id AND id = old.sku_id;
END;
-- A licence may be listed after its holders are.
CREATE TRIGGER "seat_counts_guests_in" AFTER INSERT ON "seat_counts"
BEGIN
  UPDATE seat_counts SET (guest_holder_count, guest_idle_30_count, guest_idle_60_count, guest_idle_90_count) =
    (SELECT count(*), count(*) FILTER (WHERE idle_band >= 1), count(*) FILTER (WHERE idle_band >= 2), count(*) FILTER (WHERE idle_band >= 3)
      FROM seat_holders WHERE msp_id = new.msp_id AND tenant_id = new.tenant_id AND sku_id = new.id AND is_guest = 1)
    WHERE msp_id = new.msp_id AND tenant_id = new.tenant_id AND id = new.id;
END;

-- A seat is a guest's as long as whoever holds it is one.
DROP TRIGGER "tenant_users_seats_in";
DROP TRIGGER "tenant_users_seats_moved";
CREATE TRIGGER "tenant_users_seats_in" AFTER INSERT ON "tenant_users"
WHEN new.sku_ids <> '[]'
BEGIN
  INSERT INTO seat_holders (msp_id, id, tenant_id, sku_id, display_name, is_guest, idle_band, idle_30, idle_60, idle_90)
    SELECT new.msp_id, new.id, new.tenant_id, seat.value, new.display_name, new.is_guest, iif(new.sign_in_allowed, new.idle_band, 4),
      iif(new.sign_in_allowed, new.idle_band, 4) >= 1, iif(new.sign_in_allowed, new.idle_band, 4) >= 2, iif(new.sign_in_allowed, new.idle_band, 4) >= 3
    FROM json_each(new.sku_ids) seat WHERE true ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER "tenant_users_seats_moved" AFTER UPDATE OF sku_ids, display_name, is_guest, sign_in_allowed, idle_band ON "tenant_users"
WHEN old.sku_ids <> new.sku_ids OR old.display_name <> new.display_name OR old.is_guest <> new.is_guest
  OR iif(old.sign_in_allowed, old.idle_band, 4) IS NOT iif(new.sign_in_allowed, new.idle_band, 4)
BEGIN
  DELETE FROM seat_holders WHERE msp_id = old.msp_id AND tenant_id = old.tenant_id
    AND sku_id IN (SELECT seat.value FROM json_each(old.sku_ids) seat)
    AND display_name = old.display_name AND id = old.id;
  INSERT INTO seat_holders (msp_id, id, tenant_id, sku_id, display_name, is_guest, idle_band, idle_30, idle_60, idle_90)
    SELECT new.msp_id, new.id, new.tenant_id, seat.value, new.display_name, new.is_guest, iif(new.sign_in_allowed, new.idle_band, 4),
      iif(new.sign_in_allowed, new.idle_band, 4) >= 1, iif(new.sign_in_allowed, new.idle_band, 4) >= 2, iif(new.sign_in_allowed, new.idle_band, 4) >= 3
    FROM json_each(new.sku_ids) seat WHERE true ON CONFLICT DO NOTHING;
END;
