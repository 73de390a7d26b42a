-- A PSA id is known again whatever its case, as lists sort by it.
UPDATE "customer_words" SET "word" = lower("word") WHERE "word" >= '#' AND "word" < '$';
