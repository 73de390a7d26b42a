-- How long somebody has not signed in, as of when that was last read: 0 for less than 30 days, 1 from 30, 2 from 60, 3 from 90 days on;
-- null while it is not known. On a seat, 4 besides: whoever holds it cannot sign in at all.
ALTER TABLE "tenant_users" ADD COLUMN "idle_band" integer;
ALTER TABLE "seat_holders" ADD COLUMN "idle_band" integer;
-- One for each question that is asked, each in the order of names; a column of its own for each, or SQLite would rather read all holders.
ALTER TABLE "seat_holders" ADD COLUMN "idle_30" integer;
CREATE INDEX "seat_holders_idle_30" ON "seat_holders" ("msp_id","tenant_id","sku_id","idle_30",display_name collate nocase,"id") WHERE idle_30 = 1;
ALTER TABLE "seat_holders" ADD COLUMN "idle_60" integer;
CREATE INDEX "seat_holders_idle_60" ON "seat_holders" ("msp_id","tenant_id","sku_id","idle_60",display_name collate nocase,"id") WHERE idle_60 = 1;
ALTER TABLE "seat_holders" ADD COLUMN "idle_90" integer;
CREATE INDEX "seat_holders_idle_90" ON "seat_holders" ("msp_id","tenant_id","sku_id","idle_90",display_name collate nocase,"id") WHERE idle_90 = 1;
UPDATE "seat_holders" SET "idle_band" = 4, "idle_30" = 1, "idle_60" = 1, "idle_90" = 1 WHERE EXISTS (SELECT 1 FROM tenant_users person
  WHERE person.msp_id = seat_holders.msp_id AND person.tenant_id = seat_holders.tenant_id AND person.id = seat_holders.id AND person.sign_in_allowed = 0);

-- How many seats of a licence are idle, counted by the database itself; how many it is not known of, and as of when, by whoever reads sign-ins.
ALTER TABLE "seat_counts" ADD COLUMN "idle_30_count" integer DEFAULT 0 NOT NULL;
ALTER TABLE "seat_counts" ADD COLUMN "idle_60_count" integer DEFAULT 0 NOT NULL;
ALTER TABLE "seat_counts" ADD COLUMN "idle_90_count" integer DEFAULT 0 NOT NULL;
ALTER TABLE "seat_counts" ADD COLUMN "blocked_holder_count" integer DEFAULT 0 NOT NULL;
ALTER TABLE "seat_counts" ADD COLUMN "sign_in_unknown_count" integer DEFAULT 0 NOT NULL;
ALTER TABLE "seat_counts" ADD COLUMN "idle_as_of" integer;
UPDATE "seat_counts" SET "blocked_holder_count" = (SELECT count(*) FROM seat_holders seat
    WHERE seat.msp_id = seat_counts.msp_id AND seat.tenant_id = seat_counts.tenant_id AND seat.sku_id = seat_counts.id AND seat.idle_band >= 3);
UPDATE "seat_counts" SET "idle_30_count" = "blocked_holder_count", "idle_60_count" = "blocked_holder_count", "idle_90_count" = "blocked_holder_count"
  WHERE "blocked_holder_count" > 0;
CREATE TRIGGER "seat_holders_idle_in" AFTER INSERT ON "seat_holders"
WHEN new.idle_band >= 1
BEGIN
  UPDATE seat_counts SET idle_30_count = idle_30_count + 1, idle_60_count = idle_60_count + (new.idle_band >= 2),
    idle_90_count = idle_90_count + (new.idle_band >= 3), blocked_holder_count = blocked_holder_count + (new.idle_band = 4)
    WHERE msp_id = new.msp_id AND tenant_id = new.tenant_id AND id = new.sku_id;
END;
CREATE TRIGGER "seat_holders_idle_out" AFTER DELETE ON "seat_holders"
WHEN old.idle_band >= 1
BEGIN
  UPDATE seat_counts SET idle_30_count = idle_30_count - 1, idle_60_count = idle_60_count - (old.idle_band >= 2),
    idle_90_count = idle_90_count - (old.idle_band >= 3), blocked_holder_count = blocked_holder_count - (old.idle_band = 4)
    WHERE msp_id = old.msp_id AND tenant_id = old.tenant_id AND id = old.sku_id;
END;
-- A licence may be listed after its holders are: on the first sync's second try, or again after it was gone.
CREATE TRIGGER "seat_counts_idle_in" AFTER INSERT ON "seat_counts"
BEGIN
  UPDATE seat_counts SET
    idle_30_count = (SELECT count(*) FROM seat_holders WHERE msp_id = new.msp_id AND tenant_id = new.tenant_id AND sku_id = new.id AND idle_30 = 1),
    idle_60_count = (SELECT count(*) FROM seat_holders WHERE msp_id = new.msp_id AND tenant_id = new.tenant_id AND sku_id = new.id AND idle_60 = 1),
    idle_90_count = (SELECT count(*) FROM seat_holders WHERE msp_id = new.msp_id AND tenant_id = new.tenant_id AND sku_id = new.id AND idle_90 = 1),
    blocked_holder_count = (SELECT count(*) FROM seat_holders WHERE msp_id = new.msp_id AND tenant_id = new.tenant_id AND sku_id = new.id AND idle_90 = 1 AND idle_band = 4),
    sign_in_unknown_count = (SELECT count(*) FROM seat_holders WHERE msp_id = new.msp_id AND tenant_id = new.tenant_id AND sku_id = new.id AND idle_band IS NULL),
    idle_as_of = (SELECT sign_ins_as_of FROM tenants WHERE msp_id = new.msp_id AND id = new.tenant_id)
    WHERE msp_id = new.msp_id AND tenant_id = new.tenant_id AND id = new.id;
END;

-- A seat is as idle as whoever holds it.
DROP TRIGGER "tenant_users_seats_in";
DROP TRIGGER "tenant_users_seats_moved";
CREATE TRIGGER "tenant_users_seats_in" AFTER INSERT ON "tenant_users"
WHEN new.sku_ids <> '[]'
BEGIN
  INSERT INTO seat_holders (msp_id, id, tenant_id, sku_id, display_name, idle_band, idle_30, idle_60, idle_90)
    SELECT new.msp_id, new.id, new.tenant_id, seat.value, new.display_name, iif(new.sign_in_allowed, new.idle_band, 4),
      iif(new.sign_in_allowed, new.idle_band, 4) >= 1, iif(new.sign_in_allowed, new.idle_band, 4) >= 2, iif(new.sign_in_allowed, new.idle_band, 4) >= 3
    FROM json_each(new.sku_ids) seat WHERE true ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER "tenant_users_seats_moved" AFTER UPDATE OF sku_ids, display_name, sign_in_allowed, idle_band ON "tenant_users"
WHEN old.sku_ids <> new.sku_ids OR old.display_name <> new.display_name
  OR iif(old.sign_in_allowed, old.idle_band, 4) IS NOT iif(new.sign_in_allowed, new.idle_band, 4)
BEGIN
  DELETE FROM seat_holders WHERE msp_id = old.msp_id AND tenant_id = old.tenant_id
    AND sku_id IN (SELECT seat.value FROM json_each(old.sku_ids) seat)
    AND display_name = old.display_name AND id = old.id;
  INSERT INTO seat_holders (msp_id, id, tenant_id, sku_id, display_name, idle_band, idle_30, idle_60, idle_90)
    SELECT new.msp_id, new.id, new.tenant_id, seat.value, new.display_name, iif(new.sign_in_allowed, new.idle_band, 4),
      iif(new.sign_in_allowed, new.idle_band, 4) >= 1, iif(new.sign_in_allowed, new.idle_band, 4) >= 2, iif(new.sign_in_allowed, new.idle_band, 4) >= 3
    FROM json_each(new.sku_ids) seat WHERE true ON CONFLICT DO NOTHING;
END;
