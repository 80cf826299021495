-- What a center keeps about its customers besides the record, as its configuration says: all values
-- of one customer together, sealed with the customer's key.
ALTER TABLE customers ADD COLUMN profile bytea;
