-- Every request for a link that sets a new password, of whoever it may be: whether anybody is mailed is found out behind the queue.
CREATE TABLE "password_reset_requests" (
  "id" text PRIMARY KEY NOT NULL,
  "host" text NOT NULL,
  "email_sealed" text NOT NULL,
  "request_id" text NOT NULL,
  "due_at" integer NOT NULL,
  "expires_at" integer NOT NULL
);
CREATE INDEX "password_reset_requests_by_due" ON "password_reset_requests" ("due_at");
CREATE INDEX "password_reset_requests_by_expiry" ON "password_reset_requests" ("expires_at");
