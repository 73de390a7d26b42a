-- Holds the word as well, so that whether a contact has one is read from the index alone; without it, SQLite looks through
-- everybody who has the word instead.
CREATE INDEX "customer_words_of_source" ON "customer_words" ("msp_id","customer_id","id","word");
DROP INDEX "customer_words_by_source";
