ALTER TABLE "security_alerts" ADD COLUMN "description" text;
ALTER TABLE "security_alerts" ADD COLUMN "category" text;

-- What would raise the security score most; `id` is Microsoft's name of the control.
CREATE TABLE "score_controls" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "tenant_id" text NOT NULL,
  "title" text NOT NULL,
  "category" text,
  "points_hundredths" integer NOT NULL,
  "max_hundredths" integer NOT NULL,
  "remediation" text NOT NULL,
  "as_of" integer NOT NULL,
  PRIMARY KEY("msp_id", "tenant_id", "id"),
  FOREIGN KEY ("msp_id","tenant_id") REFERENCES "tenants"("msp_id","id") ON UPDATE cascade ON DELETE restrict
);

-- Incidents and advisories of Microsoft's services.
CREATE TABLE "service_issues" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "tenant_id" text NOT NULL,
  "service" text NOT NULL,
  "title" text NOT NULL,
  "classification" text NOT NULL,
  "state" text NOT NULL,
  "is_resolved" integer NOT NULL,
  "started_at" integer,
  "ended_at" integer,
  "latest_post" text,
  "latest_post_at" integer,
  "as_of" integer NOT NULL,
  PRIMARY KEY("msp_id", "tenant_id", "id"),
  FOREIGN KEY ("msp_id","tenant_id") REFERENCES "tenants"("msp_id","id") ON UPDATE cascade ON DELETE restrict
);
CREATE INDEX "service_issues_by_start" ON "service_issues" ("msp_id","tenant_id","started_at");
CREATE INDEX "service_issues_by_age" ON "service_issues" ("started_at") WHERE is_resolved = 1;
