-- What a customer's number is found by from its last four digits.
ALTER TABLE customer_numbers ADD COLUMN ending_index bytea;
