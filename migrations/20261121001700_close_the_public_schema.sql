-- Before version 15, Postgres let every role create objects in the schema `public`; a serving role
-- that could do so might put a function in the way of ours.
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
