ALTER TABLE "tenants" ADD COLUMN "groups_as_of" integer;
ALTER TABLE "tenants" ADD COLUMN "groups_unknown_since" integer;

-- Distribution lists and Microsoft 365 groups.
CREATE TABLE "tenant_groups" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "tenant_id" text NOT NULL,
  "kind" text NOT NULL,
  "display_name" text NOT NULL,
  "description" text,
  "mail" text,
  "seen_in_read" text NOT NULL,
  PRIMARY KEY("msp_id", "tenant_id", "id"),
  FOREIGN KEY ("msp_id","tenant_id") REFERENCES "tenants"("msp_id","id") ON UPDATE cascade ON DELETE restrict
);
CREATE INDEX "tenant_groups_by_name" ON "tenant_groups" ("msp_id","tenant_id","display_name","id");

-- Who is in them; `id` is the member.
CREATE TABLE "group_members" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "tenant_id" text NOT NULL,
  "group_id" text NOT NULL,
  "kind" text NOT NULL,
  PRIMARY KEY("msp_id", "tenant_id", "group_id", "id"),
  FOREIGN KEY ("msp_id","tenant_id") REFERENCES "tenants"("msp_id","id") ON UPDATE cascade ON DELETE restrict
);
CREATE INDEX "group_members_by_member" ON "group_members" ("msp_id","tenant_id","id","group_id");
