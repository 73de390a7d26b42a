-- Whether any ticket has a category is known without reading tickets: one that none has can go from the settings.
CREATE INDEX "tickets_of_category" ON "tickets" ("msp_id", "category");
