-- Whom a ticket is of, below its customer: without it, SQLite looks for them among all of the customer's.
CREATE INDEX "ticket_people_of_ticket" ON "ticket_people" ("msp_id", "customer_id", "ticket_id", "id");
