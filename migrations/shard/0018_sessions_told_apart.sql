-- What a session's browser said it is, shortened, so that people tell their sessions apart.
ALTER TABLE "sessions" ADD COLUMN "user_agent" text;
