-- A password is chosen by who holds the mailed link: what was typed before, by anybody, is forgotten. The column rests, empty.
UPDATE "sign_ups" SET "password_hash" = '';
