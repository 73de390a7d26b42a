-- A repeated POST is answered with the headers of the first answer (ETag, Location), too.
alter table idempotency_keys add column headers text not null default '{}';
