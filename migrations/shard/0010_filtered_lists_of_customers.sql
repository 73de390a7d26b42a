-- Lists of customers by primary contact and PSA id, and what filters by portal and health let through.
CREATE INDEX "customers_by_contact" ON "customers" ("msp_id","state","primary_contact_name" COLLATE NOCASE,"id");
CREATE INDEX "customers_by_psa_id" ON "customers" ("msp_id","state","psa_id" COLLATE NOCASE,"id");
CREATE INDEX "customers_filtered_by_name" ON "customers" ("msp_id","state","portal_state","health_rank","sort_name","id");
CREATE INDEX "customers_filtered_by_age" ON "customers" ("msp_id","state","portal_state","health_rank","created_at","id");
CREATE INDEX "customers_filtered_by_users" ON "customers" ("msp_id","state","portal_state","health_rank","licensed_user_count","id");
-- The order of health is read from the first of those, once for each portal state.
DROP INDEX "customers_by_health";
