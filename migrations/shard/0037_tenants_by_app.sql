-- How many tenants are read with which app registration: kept by the database itself, so that nobody has to count them all.
CREATE TABLE "tenant_counts" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "tenant_count" integer DEFAULT 0 NOT NULL,
  PRIMARY KEY("msp_id", "id"),
  FOREIGN KEY ("msp_id") REFERENCES "msps"("msp_id") ON UPDATE cascade ON DELETE restrict
);
INSERT INTO "tenant_counts" ("msp_id", "id", "tenant_count")
  SELECT "msp_id", coalesce("client_id", ''), count(*) FROM "tenants" WHERE "removed_at" IS NULL GROUP BY "msp_id", "client_id";
CREATE TRIGGER "tenants_count_in" AFTER INSERT ON "tenants"
WHEN new.removed_at IS NULL
BEGIN
  INSERT INTO tenant_counts (msp_id, id, tenant_count) VALUES (new.msp_id, coalesce(new.client_id, ''), 1)
    ON CONFLICT (msp_id, id) DO UPDATE SET tenant_count = tenant_count + 1;
END;
CREATE TRIGGER "tenants_count_out" AFTER DELETE ON "tenants"
WHEN old.removed_at IS NULL
BEGIN
  UPDATE tenant_counts SET tenant_count = tenant_count - 1 WHERE msp_id = old.msp_id AND id = coalesce(old.client_id, '');
END;
CREATE TRIGGER "tenants_count_moved" AFTER UPDATE OF client_id, removed_at ON "tenants"
WHEN old.client_id IS NOT new.client_id OR (old.removed_at IS NULL) <> (new.removed_at IS NULL)
BEGIN
  UPDATE tenant_counts SET tenant_count = tenant_count - 1
    WHERE old.removed_at IS NULL AND msp_id = old.msp_id AND id = coalesce(old.client_id, '');
  INSERT INTO tenant_counts (msp_id, id, tenant_count)
    SELECT new.msp_id, coalesce(new.client_id, ''), 1 WHERE new.removed_at IS NULL
    ON CONFLICT (msp_id, id) DO UPDATE SET tenant_count = tenant_count + 1;
END;
