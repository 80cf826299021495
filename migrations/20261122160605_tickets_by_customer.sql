-- The index holds the tickets of customers, whether they are open or not.
ALTER INDEX tickets_open_by_customer RENAME TO tickets_by_customer;
