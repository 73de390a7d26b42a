-- What each member of staff has put on their workspace.
CREATE TABLE "workspaces" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "version" integer DEFAULT 1 NOT NULL,
  "widgets" text NOT NULL,
  PRIMARY KEY("msp_id", "id"),
  FOREIGN KEY ("msp_id","id") REFERENCES "staff"("msp_id","id") ON UPDATE cascade ON DELETE restrict
);

-- All contacts of an MSP by name, whatever customer they are of.
CREATE INDEX "contacts_by_name" ON "contacts" ("msp_id","name" collate nocase,"id") WHERE removed_at is null;

-- Access granted to many at once: how far it is, and whom it has still to come to.
CREATE TABLE "access_grants" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "version" integer DEFAULT 1 NOT NULL,
  "state" text NOT NULL,
  "total_count" integer NOT NULL,
  "outcomes" text NOT NULL,
  "actor_kind" text NOT NULL,
  "actor_id" text NOT NULL,
  "actor_name" text NOT NULL,
  "trouble" text,
  "created_at" integer NOT NULL,
  "finished_at" integer,
  PRIMARY KEY("msp_id", "id"),
  FOREIGN KEY ("msp_id") REFERENCES "msps"("msp_id") ON UPDATE cascade ON DELETE restrict
);

CREATE TABLE "access_grant_people" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "grant_id" text NOT NULL,
  PRIMARY KEY("msp_id", "grant_id", "id"),
  FOREIGN KEY ("msp_id","grant_id") REFERENCES "access_grants"("msp_id","id") ON UPDATE cascade ON DELETE restrict
);
