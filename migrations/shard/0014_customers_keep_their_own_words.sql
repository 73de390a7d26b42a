-- 0004 compared words with names that SQLite could not fold, so a word of "Müller" that a contact has too went to the
-- contact alone, and would have gone with it. The sort name is folded: whatever begins a word of it is the customer's own.
INSERT INTO "customer_words" ("msp_id", "id", "customer_id", "word")
  SELECT DISTINCT w."msp_id", c."id", c."id", w."word" FROM "customer_words" w
  JOIN "customers" c ON c."msp_id" = w."msp_id" AND c."id" = w."customer_id"
  WHERE w."id" <> c."id"
    AND instr(' ' || replace(replace(replace(c."sort_name", '-', ' '), '.', ' '), '/', ' '), ' ' || w."word") > 0
  ON CONFLICT DO NOTHING;
