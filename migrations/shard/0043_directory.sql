-- What the people of a portal see of their own directory: whole, guests, which attributes.
ALTER TABLE "portals" ADD COLUMN "directory_shown" integer DEFAULT true NOT NULL;
ALTER TABLE "portals" ADD COLUMN "directory_guests_shown" integer DEFAULT false NOT NULL;
ALTER TABLE "portals" ADD COLUMN "directory_attributes" text DEFAULT '["mail","jobTitle","department","businessPhone","licences","signInAllowed"]' NOT NULL;
-- How people of a tenant are put in order, and what they are found by. Null in rows from before: a job fills them, since
-- letters are folded by the product and not by SQLite.
ALTER TABLE "tenant_users" ADD COLUMN "sort_name" text DEFAULT '' NOT NULL;
ALTER TABLE "tenant_users" ADD COLUMN "found_by" text;
-- Nobody read by it: names stood in the order of their bytes.
DROP INDEX "tenant_users_by_name";
CREATE INDEX "tenant_users_by_sort_name" ON "tenant_users" ("msp_id","tenant_id","is_guest","sort_name","id");
CREATE INDEX "tenant_users_by_standing" ON "tenant_users" ("msp_id","tenant_id","is_guest","is_licensed","sign_in_allowed","sort_name","id");
CREATE INDEX "tenant_users_by_department" ON "tenant_users" ("msp_id","tenant_id","department","is_guest","is_licensed","sign_in_allowed","sort_name","id") WHERE department is not null;
CREATE INDEX "tenant_users_not_indexed" ON "tenant_users" ("msp_id","tenant_id","id") WHERE found_by is null;
-- One row per word somebody is found by, kept by the database itself from what their row says. Without rowids: a word costs two rows written, not three.
CREATE TABLE "tenant_user_words" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "tenant_id" text NOT NULL,
  "is_guest" integer NOT NULL,
  "source" integer NOT NULL,
  "word" text NOT NULL,
  PRIMARY KEY("msp_id", "tenant_id", "id", "source", "word"),
  FOREIGN KEY ("msp_id","tenant_id") REFERENCES "tenants"("msp_id","id") ON UPDATE cascade ON DELETE restrict
) WITHOUT ROWID;
CREATE INDEX "tenant_user_words_by_word" ON "tenant_user_words" ("msp_id","tenant_id","is_guest","source","word","id");
CREATE TRIGGER "tenant_users_words_in" AFTER INSERT ON "tenant_users"
WHEN new.found_by IS NOT NULL
BEGIN
  INSERT INTO tenant_user_words (msp_id, id, tenant_id, is_guest, source, word)
    SELECT new.msp_id, new.id, new.tenant_id, new.is_guest, json_extract(found.value, '$[0]'), json_extract(found.value, '$[1]')
    FROM json_each(new.found_by) AS found WHERE true ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER "tenant_users_words_changed" AFTER UPDATE OF found_by, is_guest ON "tenant_users"
WHEN old.found_by IS NOT new.found_by OR old.is_guest <> new.is_guest
BEGIN
  DELETE FROM tenant_user_words WHERE msp_id = old.msp_id AND tenant_id = old.tenant_id AND id = old.id;
  INSERT INTO tenant_user_words (msp_id, id, tenant_id, is_guest, source, word)
    SELECT new.msp_id, new.id, new.tenant_id, new.is_guest, json_extract(found.value, '$[0]'), json_extract(found.value, '$[1]')
    FROM json_each(new.found_by) AS found WHERE true ON CONFLICT DO NOTHING;
END;
-- Which departments a tenant has, and how many are in each: kept by the database itself, so that nobody has to read everybody.
CREATE TABLE "tenant_departments" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "tenant_id" text NOT NULL,
  "member_count" integer DEFAULT 0 NOT NULL,
  "guest_count" integer DEFAULT 0 NOT NULL,
  PRIMARY KEY("msp_id", "tenant_id", "id"),
  FOREIGN KEY ("msp_id","tenant_id") REFERENCES "tenants"("msp_id","id") ON UPDATE cascade ON DELETE restrict
);
INSERT INTO "tenant_departments" ("msp_id", "id", "tenant_id", "member_count", "guest_count")
  SELECT "msp_id", "department", "tenant_id", sum(1 - "is_guest"), sum("is_guest") FROM "tenant_users"
  WHERE "department" IS NOT NULL GROUP BY "msp_id", "tenant_id", "department";
CREATE TRIGGER "tenant_users_department_in" AFTER INSERT ON "tenant_users"
WHEN new.department IS NOT NULL
BEGIN
  INSERT INTO tenant_departments (msp_id, id, tenant_id, member_count, guest_count)
    VALUES (new.msp_id, new.department, new.tenant_id, 1 - new.is_guest, new.is_guest)
    ON CONFLICT (msp_id, tenant_id, id) DO UPDATE SET member_count = member_count + excluded.member_count, guest_count = guest_count + excluded.guest_count;
END;
CREATE TRIGGER "tenant_users_department_moved" AFTER UPDATE OF department, is_guest ON "tenant_users"
WHEN old.department IS NOT new.department OR old.is_guest <> new.is_guest
BEGIN
  UPDATE tenant_departments SET member_count = member_count - (1 - old.is_guest), guest_count = guest_count - old.is_guest
    WHERE msp_id = old.msp_id AND tenant_id = old.tenant_id AND id = old.department;
  INSERT INTO tenant_departments (msp_id, id, tenant_id, member_count, guest_count)
    SELECT new.msp_id, new.department, new.tenant_id, 1 - new.is_guest, new.is_guest WHERE new.department IS NOT NULL
    ON CONFLICT (msp_id, tenant_id, id) DO UPDATE SET member_count = member_count + excluded.member_count, guest_count = guest_count + excluded.guest_count;
  DELETE FROM tenant_departments
    WHERE msp_id = old.msp_id AND tenant_id = old.tenant_id AND id = old.department AND member_count = 0 AND guest_count = 0;
END;
-- Whoever is gone leaves no word behind.
CREATE TRIGGER "tenant_users_out" AFTER DELETE ON "tenant_users"
BEGIN
  DELETE FROM tenant_user_words WHERE msp_id = old.msp_id AND tenant_id = old.tenant_id AND id = old.id;
  UPDATE tenant_departments SET member_count = member_count - (1 - old.is_guest), guest_count = guest_count - old.is_guest
    WHERE msp_id = old.msp_id AND tenant_id = old.tenant_id AND id = old.department;
  DELETE FROM tenant_departments
    WHERE msp_id = old.msp_id AND tenant_id = old.tenant_id AND id = old.department AND member_count = 0 AND guest_count = 0;
END;
