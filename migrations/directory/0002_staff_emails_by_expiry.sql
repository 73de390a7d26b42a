-- The sweep looks for e-mail addresses of staff that were reserved and neither taken nor given back.
CREATE INDEX "staff_emails_by_expiry" ON "staff_emails" ("state","expires_at");
