-- The activity log is filtered by what an entry is about and by who did it, of one customer and of the whole MSP.
-- What runs by itself is most of what is written, and is in none of the indexes by person.
ALTER TABLE "activities" ADD COLUMN "topic" text GENERATED ALWAYS AS (case when instr(action, '.signed_') > 0 then 'sign_in' when instr(action, 'tenant.sync') = 1 then 'sync' else substr(action, 1, instr(action, '.') - 1) end) VIRTUAL;
CREATE INDEX "activities_by_customer_and_topic" ON "activities" ("msp_id","customer_id","topic","id");
CREATE INDEX "activities_by_topic" ON "activities" ("msp_id","topic","id");
CREATE INDEX "activities_by_customer_and_person" ON "activities" ("msp_id","customer_id","actor_id","id") WHERE actor_kind <> 'system';
CREATE INDEX "activities_by_customer_person_and_topic" ON "activities" ("msp_id","customer_id","actor_id","topic","id") WHERE actor_kind <> 'system';
CREATE INDEX "activities_by_person" ON "activities" ("msp_id","actor_id","id") WHERE actor_kind <> 'system';
CREATE INDEX "activities_by_person_and_topic" ON "activities" ("msp_id","actor_id","topic","id") WHERE actor_kind <> 'system';
