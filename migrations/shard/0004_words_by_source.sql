-- A customer's words say what they come from: the id is that of the customer, of a contact or of a tenant.
INSERT INTO "customer_words" ("msp_id", "id", "customer_id", "word")
  SELECT w."msp_id", t."id", w."customer_id", w."word" FROM "customer_words" w
  JOIN "tenants" t ON t."msp_id" = w."msp_id" AND t."customer_id" = w."customer_id" AND t."removed_at" IS NULL
  WHERE w."id" = 'word' AND instr(lower(t."name" || ' ' || t."domain" || ' @' || t."domain"), w."word") > 0;
INSERT INTO "customer_words" ("msp_id", "id", "customer_id", "word")
  SELECT w."msp_id", c."id", w."customer_id", w."word" FROM "customer_words" w
  JOIN "contacts" c ON c."msp_id" = w."msp_id" AND c."customer_id" = w."customer_id"
  WHERE w."id" = 'word' AND w."word" NOT LIKE '@%' AND instr(lower(c."name" || ' ' || coalesce(c."email", '')), w."word") > 0;
-- What only a tenant or a contact has is theirs; all else is the customer's own, also what SQLite cannot fold.
DELETE FROM "customer_words" WHERE "id" = 'word'
  AND EXISTS (SELECT 1 FROM "customer_words" o WHERE o."msp_id" = "customer_words"."msp_id" AND o."word" = "customer_words"."word"
    AND o."customer_id" = "customer_words"."customer_id" AND o."id" <> 'word')
  AND NOT EXISTS (SELECT 1 FROM "customers" c WHERE c."msp_id" = "customer_words"."msp_id" AND c."id" = "customer_words"."customer_id"
    AND instr(lower(c."name" || ' ' || coalesce(c."email", '') || ' ' || coalesce(c."psa_id", '')), "customer_words"."word") > 0);
UPDATE "customer_words" SET "id" = "customer_id" WHERE "id" = 'word';
CREATE INDEX "customer_words_by_source" ON "customer_words" ("msp_id","customer_id","id");
DROP INDEX "customer_words_by_customer";
