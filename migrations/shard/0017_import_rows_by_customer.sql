-- What finished imports hold of a customer is forgotten when that customer is deleted.
CREATE INDEX "customer_import_rows_by_customer" ON "customer_import_rows" ("msp_id","decided_customer_id") WHERE decided_customer_id is not null;
