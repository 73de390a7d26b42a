-- Whom the news of every ticket are for, without looking through all contacts and staff.
CREATE INDEX "contacts_of_all_tickets" ON "contacts" ("msp_id", "customer_id", "id") WHERE ticket_mails = 'all';
CREATE INDEX "staff_of_all_tickets" ON "staff" ("msp_id", "id") WHERE ticket_mails = 'all';
-- What is written into a ticket is news to whoever it is of, in the statement that writes it: its requester and watchers, the
-- portal admins and staff who want all of it, and the member of staff who looks after it; never to whoever wrote it, and what is
-- internal to staff alone. Of what happened, where it stands is told to all of them, who looks after it and how it was rated to
-- staff; what time does by itself to nobody. What happened beside something that was said is no news of its own.
CREATE TRIGGER "ticket_entries_are_news" AFTER INSERT ON "ticket_entries"
WHEN new.kind <> 'event'
  OR (new.author_kind <> 'system' AND json_extract(new.event, '$.type') IN ('state', 'assignee', 'rated'))
BEGIN
  INSERT INTO ticket_news (msp_id, id, customer_id, ticket_id, unread_count, latest_entry, latest_by_name, at)
    SELECT new.msp_id, reader, new.customer_id, new.ticket_id, 1, new.id, new.author_name, new.created_at
    FROM (
      SELECT id AS reader FROM ticket_people
        WHERE msp_id = new.msp_id AND ticket_id = new.ticket_id AND new.is_internal = 0
          AND (new.kind <> 'event' OR json_extract(new.event, '$.type') = 'state')
      UNION
      SELECT id FROM contacts
        WHERE msp_id = new.msp_id AND customer_id = new.customer_id AND ticket_mails = 'all'
          AND is_portal_admin = 1 AND access = 'active' AND removed_at IS NULL AND new.is_internal = 0
          AND (new.kind <> 'event' OR json_extract(new.event, '$.type') = 'state')
      UNION
      SELECT assignee FROM tickets WHERE msp_id = new.msp_id AND id = new.ticket_id AND assignee IS NOT NULL
      UNION
      SELECT id FROM staff WHERE msp_id = new.msp_id AND ticket_mails = 'all' AND disabled = 0
    )
    WHERE reader IS NOT new.author
    ON CONFLICT (msp_id, id, ticket_id) DO UPDATE SET
      unread_count = CASE WHEN new.kind = 'event' THEN max(unread_count, 1) ELSE unread_count + 1 END,
      latest_entry = excluded.latest_entry,
      latest_by_name = excluded.latest_by_name,
      at = excluded.at;
END;
-- News are forgotten after a quarter of a year, when their reader gets others: nobody's grow without end.
CREATE TRIGGER "ticket_news_grow_old" AFTER INSERT ON "ticket_news"
BEGIN
  DELETE FROM ticket_news WHERE msp_id = new.msp_id AND id = new.id AND at < new.at - 7776000000;
END;
-- Whoever does not see a ticket any more has no news of it.
CREATE TRIGGER "ticket_people_leave_news" AFTER DELETE ON "ticket_people"
BEGIN
  DELETE FROM ticket_news WHERE msp_id = old.msp_id AND id = old.id AND ticket_id = old.ticket_id;
END;
CREATE TRIGGER "contacts_leave_news" AFTER UPDATE OF is_portal_admin ON "contacts"
WHEN old.is_portal_admin = 1 AND new.is_portal_admin = 0
BEGIN
  DELETE FROM ticket_news WHERE msp_id = new.msp_id AND id = new.id AND NOT EXISTS (
    SELECT 1 FROM ticket_people
      WHERE msp_id = ticket_news.msp_id AND ticket_id = ticket_news.ticket_id AND id = ticket_news.id
  );
END;
