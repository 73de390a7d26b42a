-- A customer that goes, and one that is merged, is looked for among all documents: the other indexes hold deleted ones apart.
CREATE INDEX "documents_by_customer" ON "documents" ("msp_id","customer_id");
