-- A search asks of each customer it may mean whether it has another word, too; without this it would walk through
-- everybody's words that begin so.
CREATE INDEX "customer_words_of_customer" ON "customer_words" ("msp_id","customer_id","word");
