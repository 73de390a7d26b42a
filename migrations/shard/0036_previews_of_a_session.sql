-- Looking at a portal as somebody ends with the session it was begun in. What is under way now lasts half an hour at most.
DELETE FROM "previews";
ALTER TABLE "previews" ADD COLUMN "session_id" text DEFAULT '' NOT NULL;
