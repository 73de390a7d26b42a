-- What a customer is known again by, beside the words it is found by: '=' its name, '@' a domain, '#' its PSA id.
-- Customers that are there get theirs as nearly as SQL can; the next change of one writes them exactly.
INSERT INTO "customer_words" ("msp_id", "id", "customer_id", "word")
  SELECT "msp_id", 'word', "id", '=' || replace(replace(replace(replace("sort_name", ' ', ''), '.', ''), ',', ''), '-', '')
  FROM "customers" WHERE true
  ON CONFLICT DO NOTHING;
INSERT INTO "customer_words" ("msp_id", "id", "customer_id", "word")
  SELECT "msp_id", 'word', "id", '@' || lower(substr("email", instr("email", '@') + 1))
  FROM "customers" WHERE "email" IS NOT NULL
  ON CONFLICT DO NOTHING;
INSERT INTO "customer_words" ("msp_id", "id", "customer_id", "word")
  SELECT "msp_id", 'word', "customer_id", '@' || lower("domain")
  FROM "tenants" WHERE "removed_at" IS NULL
  ON CONFLICT DO NOTHING;
