-- A logo that was replaced or taken off is shown a while longer, then it goes.
ALTER TABLE "logos" ADD COLUMN "set_aside_at" integer;
CREATE INDEX "logos_set_aside" ON "logos" ("set_aside_at") WHERE set_aside_at is not null;
UPDATE "logos" SET "set_aside_at" = "created_at"
  WHERE NOT EXISTS (SELECT 1 FROM "portals" WHERE "portals"."msp_id" = "logos"."msp_id" AND "portals"."logo_key" = "logos"."id")
    AND NOT EXISTS (SELECT 1 FROM "msps" WHERE "msps"."msp_id" = "logos"."msp_id" AND "msps"."logo_key" = "logos"."id");
