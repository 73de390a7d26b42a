-- Of the customers that undoing an import left, how many were not there any more.
ALTER TABLE "customer_imports" ADD COLUMN "undo_gone_count" integer DEFAULT 0 NOT NULL;
