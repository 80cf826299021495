-- A ticket may get another customer: what is sealed beside it is then sealed anew, under the key of whom
-- it is about from then on.
GRANT UPDATE (sealed) ON ticket_attachments, side_messages TO switchboard_app;
