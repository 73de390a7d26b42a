-- What an account manager looks at across customers, each found in its order without reading the others.
ALTER TABLE "seat_counts" ADD COLUMN "over_count" integer GENERATED ALWAYS AS (max(0, assigned_count - bought_count)) VIRTUAL;
CREATE INDEX "seat_counts_over" ON "seat_counts" ("msp_id","over_count","tenant_id","id") WHERE hidden = 0 and over_count > 0;
-- What a seat costs in a year by the MSP's list, while that is in the currency it reckons in: kept by the database itself.
ALTER TABLE "seat_counts" ADD COLUMN "seat_year_minor" integer;
ALTER TABLE "seat_counts" ADD COLUMN "idle_year_minor" integer GENERATED ALWAYS AS (idle_90_count * seat_year_minor) VIRTUAL;
CREATE INDEX "seat_counts_idle_worth" ON "seat_counts" ("msp_id","idle_year_minor","tenant_id","id") WHERE hidden = 0 and idle_year_minor > 0;
CREATE INDEX "seat_counts_idle_unpriced" ON "seat_counts" ("msp_id","idle_90_count","tenant_id","id") WHERE hidden = 0 and idle_90_count > 0 and seat_year_minor is null;
CREATE INDEX "seat_counts_by_sku" ON "seat_counts" ("msp_id","id");
UPDATE "seat_counts" SET "seat_year_minor" = (SELECT price_minor * iif(price_per = 'month', 12, 1) FROM skus
  WHERE skus.msp_id = seat_counts.msp_id AND skus.id = seat_counts.id
    AND price_currency = (SELECT currency FROM msps WHERE msps.msp_id = seat_counts.msp_id));
CREATE TRIGGER "seat_counts_priced_in" AFTER INSERT ON "seat_counts"
BEGIN
  UPDATE seat_counts SET seat_year_minor = (SELECT price_minor * iif(price_per = 'month', 12, 1) FROM skus
    WHERE msp_id = new.msp_id AND id = new.id AND price_currency = (SELECT currency FROM msps WHERE msp_id = new.msp_id))
    WHERE msp_id = new.msp_id AND tenant_id = new.tenant_id AND id = new.id;
END;
CREATE TRIGGER "skus_price_moved" AFTER UPDATE OF price_minor, price_per, price_currency ON "skus"
WHEN old.price_minor IS NOT new.price_minor OR old.price_per IS NOT new.price_per OR old.price_currency IS NOT new.price_currency
BEGIN
  UPDATE seat_counts SET seat_year_minor = iif(new.price_currency = (SELECT currency FROM msps WHERE msp_id = new.msp_id),
      new.price_minor * iif(new.price_per = 'month', 12, 1), NULL)
    WHERE msp_id = new.msp_id AND id = new.id;
END;
CREATE TRIGGER "msps_currency_moved" AFTER UPDATE OF currency ON "msps"
WHEN old.currency <> new.currency
BEGIN
  UPDATE seat_counts SET seat_year_minor = (SELECT price_minor * iif(price_per = 'month', 12, 1) FROM skus
      WHERE skus.msp_id = new.msp_id AND skus.id = seat_counts.id AND price_currency = new.currency)
    WHERE msp_id = new.msp_id;
END;
CREATE INDEX "subscriptions_by_renewal" ON "subscriptions" ("msp_id","next_lifecycle_at","tenant_id","id") WHERE is_trial = 0 and status <> 'deleted';
CREATE INDEX "tenants_lost" ON "tenants" ("msp_id","consent_lost_at","id") WHERE state in ('consent_lost', 'app_removed');
