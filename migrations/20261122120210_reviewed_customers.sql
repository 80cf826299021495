-- When somebody last looked a record through or changed it; its making if nobody has.
ALTER TABLE customers ADD COLUMN reviewed_at timestamptz;
