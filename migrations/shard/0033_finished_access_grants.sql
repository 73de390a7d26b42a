-- Access given to many is looked back on for 30 days, and what gave up goes after its job; the sweep finds both by this.
CREATE INDEX "access_grants_by_end" ON "access_grants" ("finished_at");
