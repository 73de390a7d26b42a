-- Tickets: what customers' people need done or answered, with their conversation, people, files, words and news; how an MSP keeps
-- them; and by which of them a person is mailed.
CREATE TABLE "ticket_settings" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "version" integer DEFAULT 1 NOT NULL,
  "categories" text NOT NULL,
  "priorities" text NOT NULL,
  "reopen_days" integer NOT NULL,
  PRIMARY KEY("msp_id", "id"),
  FOREIGN KEY ("msp_id") REFERENCES "msps"("msp_id") ON UPDATE cascade ON DELETE restrict
);
CREATE TABLE "ticket_numbers" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "last_number" integer NOT NULL,
  PRIMARY KEY("msp_id", "id"),
  FOREIGN KEY ("msp_id") REFERENCES "msps"("msp_id") ON UPDATE cascade ON DELETE restrict
);
CREATE TABLE "tickets" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "customer_id" text NOT NULL,
  "version" integer DEFAULT 1 NOT NULL,
  "number" integer DEFAULT 0 NOT NULL,
  "subject" text NOT NULL,
  "state" text NOT NULL,
  "priority" text NOT NULL,
  "category" text NOT NULL,
  "source" text NOT NULL,
  "requester" text,
  "requester_name" text,
  "raised_by_kind" text NOT NULL,
  "raised_by" text NOT NULL,
  "raised_by_name" text NOT NULL,
  "assignee" text,
  "assignee_name" text,
  "about_tenant" text,
  "about_user" text,
  "about_user_name" text,
  "created_at" integer NOT NULL,
  "changed_at" integer NOT NULL,
  "waiting_since" integer,
  "waited_ms" integer DEFAULT 0 NOT NULL,
  "first_answered_at" integer,
  "resolved_at" integer,
  "ended_at" integer,
  "reopen_until_at" integer,
  "first_answer_due_at" integer,
  "resolution_due_at" integer,
  "due_at" integer,
  "attention" integer NOT NULL,
  "rating" text,
  "rating_comment" text,
  "rated_at" integer,
  "merged_into" text,
  "reply_hash" text NOT NULL,
  "outside_system" text,
  "outside_id" text,
  "outside_url" text,
  PRIMARY KEY("msp_id", "id"),
  FOREIGN KEY ("msp_id", "customer_id") REFERENCES "customers"("msp_id", "id") ON UPDATE cascade ON DELETE restrict
);
CREATE UNIQUE INDEX "tickets_of_customer" ON "tickets" ("msp_id", "customer_id", "id");
CREATE UNIQUE INDEX "tickets_by_number" ON "tickets" ("msp_id", "number");
CREATE UNIQUE INDEX "tickets_by_reply" ON "tickets" ("msp_id", "reply_hash");
CREATE UNIQUE INDEX "tickets_by_outside" ON "tickets" ("msp_id", "outside_system", "outside_id") WHERE outside_id is not null;
CREATE INDEX "tickets_by_change" ON "tickets" ("msp_id", "changed_at", "id");
CREATE INDEX "tickets_open" ON "tickets" ("msp_id", "changed_at", "id") WHERE ended_at is null;
CREATE INDEX "tickets_ended" ON "tickets" ("msp_id", "changed_at", "id") WHERE ended_at is not null;
CREATE INDEX "tickets_of_assignee" ON "tickets" ("msp_id", "assignee", "changed_at", "id") WHERE ended_at is null;
CREATE INDEX "tickets_waiting" ON "tickets" ("msp_id", "changed_at", "id") WHERE waiting_since is not null;
CREATE INDEX "tickets_due" ON "tickets" ("msp_id", "due_at", "id") WHERE due_at is not null;
CREATE INDEX "tickets_of_customer_by_attention" ON "tickets" ("msp_id", "customer_id", "attention", "id");
CREATE INDEX "tickets_of_customer_open" ON "tickets" ("msp_id", "customer_id", "attention", "id") WHERE ended_at is null;
CREATE INDEX "tickets_of_customer_ended" ON "tickets" ("msp_id", "customer_id", "attention", "id") WHERE ended_at is not null;
CREATE INDEX "tickets_to_close" ON "tickets" ("reopen_until_at") WHERE state = 'resolved';
CREATE TABLE "ticket_people" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "customer_id" text NOT NULL,
  "ticket_id" text NOT NULL,
  "role" text NOT NULL,
  "attention" integer NOT NULL,
  "ended_at" integer,
  PRIMARY KEY("msp_id", "ticket_id", "id"),
  FOREIGN KEY ("msp_id", "customer_id", "ticket_id") REFERENCES "tickets"("msp_id", "customer_id", "id") ON UPDATE cascade ON DELETE restrict
);
CREATE INDEX "ticket_people_by_attention" ON "ticket_people" ("msp_id", "customer_id", "id", "attention", "ticket_id");
CREATE INDEX "ticket_people_open" ON "ticket_people" ("msp_id", "customer_id", "id", "attention", "ticket_id") WHERE ended_at is null;
CREATE INDEX "ticket_people_ended" ON "ticket_people" ("msp_id", "customer_id", "id", "attention", "ticket_id") WHERE ended_at is not null;
CREATE TABLE "ticket_entries" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "customer_id" text NOT NULL,
  "ticket_id" text NOT NULL,
  "kind" text NOT NULL,
  "is_internal" integer NOT NULL,
  "author_kind" text NOT NULL,
  "author" text,
  "author_name" text NOT NULL,
  "body" text NOT NULL,
  "quoted" text,
  "event" text,
  "source" text NOT NULL,
  "mail_hash" text,
  "outside_id" text,
  "created_at" integer NOT NULL,
  PRIMARY KEY("msp_id", "id"),
  FOREIGN KEY ("msp_id", "customer_id", "ticket_id") REFERENCES "tickets"("msp_id", "customer_id", "id") ON UPDATE cascade ON DELETE restrict
);
CREATE UNIQUE INDEX "ticket_entries_by_mail" ON "ticket_entries" ("msp_id", "mail_hash") WHERE mail_hash is not null;
CREATE INDEX "ticket_entries_of_ticket" ON "ticket_entries" ("msp_id", "customer_id", "ticket_id", "id");
CREATE INDEX "ticket_entries_to_customer" ON "ticket_entries" ("msp_id", "customer_id", "ticket_id", "is_internal", "id");
CREATE TABLE "ticket_files" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "customer_id" text NOT NULL,
  "ticket_id" text,
  "entry" text,
  "is_internal" integer NOT NULL,
  "name" text NOT NULL,
  "media_type" text NOT NULL,
  "byte_count" integer NOT NULL,
  "object_key" text NOT NULL,
  "upload_hash" text NOT NULL,
  "added_by_kind" text NOT NULL,
  "added_by_id" text NOT NULL,
  "added_by_name" text NOT NULL,
  "created_at" integer NOT NULL,
  "unsent_until_at" integer,
  PRIMARY KEY("msp_id", "id"),
  FOREIGN KEY ("msp_id", "customer_id") REFERENCES "customers"("msp_id", "id") ON UPDATE cascade ON DELETE restrict,
  FOREIGN KEY ("msp_id", "customer_id", "ticket_id") REFERENCES "tickets"("msp_id", "customer_id", "id") ON UPDATE cascade ON DELETE restrict
);
CREATE UNIQUE INDEX "ticket_files_by_upload" ON "ticket_files" ("msp_id", "upload_hash");
CREATE INDEX "ticket_files_of_ticket" ON "ticket_files" ("msp_id", "customer_id", "ticket_id", "id");
CREATE INDEX "ticket_files_unsent_of" ON "ticket_files" ("msp_id", "customer_id", "added_by_id") WHERE entry is null;
CREATE INDEX "ticket_files_unsent" ON "ticket_files" ("unsent_until_at") WHERE unsent_until_at is not null;
CREATE TABLE "ticket_words" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "customer_id" text NOT NULL,
  "word" text NOT NULL,
  PRIMARY KEY("msp_id", "word", "id"),
  FOREIGN KEY ("msp_id", "customer_id", "id") REFERENCES "tickets"("msp_id", "customer_id", "id") ON UPDATE cascade ON DELETE restrict
);
CREATE INDEX "ticket_words_of_customer" ON "ticket_words" ("msp_id", "customer_id", "word", "id");
CREATE INDEX "ticket_words_of_ticket" ON "ticket_words" ("msp_id", "customer_id", "id");
CREATE TABLE "ticket_news" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "customer_id" text NOT NULL,
  "ticket_id" text NOT NULL,
  "unread_count" integer NOT NULL,
  "latest_entry" text NOT NULL,
  "latest_by_name" text NOT NULL,
  "at" integer NOT NULL,
  PRIMARY KEY("msp_id", "id", "ticket_id"),
  FOREIGN KEY ("msp_id", "customer_id", "ticket_id") REFERENCES "tickets"("msp_id", "customer_id", "id") ON UPDATE cascade ON DELETE restrict
);
CREATE INDEX "ticket_news_by_time" ON "ticket_news" ("msp_id", "id", "at", "ticket_id");
CREATE INDEX "ticket_news_unread" ON "ticket_news" ("msp_id", "id", "at", "ticket_id") WHERE unread_count > 0;
CREATE INDEX "ticket_news_of_ticket" ON "ticket_news" ("msp_id", "customer_id", "ticket_id");
CREATE TABLE "canned_replies" (
  "msp_id" text NOT NULL,
  "id" text NOT NULL,
  "version" integer DEFAULT 1 NOT NULL,
  "title" text NOT NULL,
  "body" text NOT NULL,
  "created_at" integer NOT NULL,
  PRIMARY KEY("msp_id", "id"),
  FOREIGN KEY ("msp_id") REFERENCES "msps"("msp_id") ON UPDATE cascade ON DELETE restrict
);
CREATE INDEX "canned_replies_by_title" ON "canned_replies" ("msp_id", "title", "id");
ALTER TABLE "contacts" ADD COLUMN "ticket_mails" text DEFAULT 'mine' NOT NULL;
ALTER TABLE "staff" ADD COLUMN "ticket_mails" text DEFAULT 'mine' NOT NULL;
-- Whom a ticket is of has it where it stands in their lists: no change of a ticket can forget to say so.
CREATE TRIGGER "tickets_people_follow" AFTER UPDATE OF attention, ended_at ON "tickets"
WHEN old.attention <> new.attention OR old.ended_at IS NOT new.ended_at
BEGIN
  UPDATE ticket_people SET attention = new.attention, ended_at = new.ended_at
    WHERE msp_id = new.msp_id AND ticket_id = new.id;
END;
-- Numbers are given by the database, in the statement that adds a ticket: none twice, none left out.
INSERT INTO "ticket_numbers" ("msp_id", "id", "last_number") SELECT msp_id, msp_id, 1000 FROM "msps";
CREATE TRIGGER "msps_number_tickets" AFTER INSERT ON "msps"
BEGIN
  INSERT INTO ticket_numbers (msp_id, id, last_number) VALUES (new.msp_id, new.msp_id, 1000);
END;
CREATE TRIGGER "tickets_numbered" AFTER INSERT ON "tickets"
WHEN new.number = 0
BEGIN
  UPDATE ticket_numbers SET last_number = last_number + 1 WHERE msp_id = new.msp_id;
  UPDATE tickets SET number = (SELECT last_number FROM ticket_numbers WHERE msp_id = new.msp_id)
    WHERE msp_id = new.msp_id AND id = new.id;
END;
