-- Since when a number leads to its customer no more; nothing while it does.
ALTER TABLE customer_numbers ADD COLUMN retired_at timestamptz;
