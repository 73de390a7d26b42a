-- Which of those who cannot sign in are no people, but mailboxes that are nobody's own: what Microsoft said, and when it was asked.
ALTER TABLE "tenants" ADD COLUMN "mailboxes_as_of" integer;
ALTER TABLE "tenants" ADD COLUMN "mailboxes_unknown_since" integer;
ALTER TABLE "tenants" ADD COLUMN "mailbox_count" integer DEFAULT 0 NOT NULL;
ALTER TABLE "tenant_users" ADD COLUMN "mailbox_purpose" text;
ALTER TABLE "tenant_users" ADD COLUMN "mailbox_asked_at" integer DEFAULT 0 NOT NULL;
ALTER TABLE "tenant_users" ADD COLUMN "standing" integer GENERATED ALWAYS AS (iif(mailbox_purpose in ('shared', 'room', 'equipment'), 2, sign_in_allowed)) VIRTUAL;
CREATE INDEX "tenant_users_mailboxes" ON "tenant_users" ("msp_id","tenant_id","mailbox_asked_at","id") WHERE sign_in_allowed = 0 and is_guest = 0 and mail is not null;

-- Lists are narrowed by whether somebody is blocked, which such a mailbox is not called.
DROP INDEX "tenant_users_by_standing";
DROP INDEX "tenant_users_by_department";
CREATE INDEX "tenant_users_by_standing" ON "tenant_users" ("msp_id","tenant_id","is_guest","is_licensed","standing","sort_name","id");
CREATE INDEX "tenant_users_by_department" ON "tenant_users" ("msp_id","tenant_id","department","is_guest","is_licensed","standing","sort_name","id") WHERE department is not null;

-- Counted by the database itself: mailboxes are asked about while a sync may be at work on the same people.
CREATE TRIGGER "tenant_users_mailbox_told" AFTER UPDATE OF mailbox_purpose ON "tenant_users"
WHEN (old.standing = 2) <> (new.standing = 2)
BEGIN
  UPDATE tenants SET mailbox_count = mailbox_count + (new.standing = 2) - (old.standing = 2) WHERE msp_id = new.msp_id AND id = new.tenant_id;
END;
CREATE TRIGGER "tenant_users_mailbox_out" AFTER DELETE ON "tenant_users"
WHEN old.standing = 2
BEGIN
  UPDATE tenants SET mailbox_count = mailbox_count - 1 WHERE msp_id = old.msp_id AND id = old.tenant_id;
END;
-- What was told of a mailbox is asked again once its owner has become other; of whoever may sign in, nothing is asked.
CREATE TRIGGER "tenant_users_mailbox_anew" AFTER UPDATE OF mail, sign_in_allowed, is_guest, display_name, sku_ids ON "tenant_users"
WHEN old.mailbox_asked_at > 0 AND (old.mail IS NOT new.mail OR old.sign_in_allowed <> new.sign_in_allowed OR old.is_guest <> new.is_guest
  OR old.display_name <> new.display_name OR old.sku_ids <> new.sku_ids)
BEGIN
  UPDATE tenant_users SET mailbox_asked_at = 0, mailbox_purpose = iif(new.sign_in_allowed OR new.is_guest OR new.mail IS NULL, NULL, mailbox_purpose)
    WHERE msp_id = new.msp_id AND tenant_id = new.tenant_id AND id = new.id;
END;
