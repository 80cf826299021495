-- Looks at the rows that were there before ratings, without keeping others from being written.
ALTER TABLE survey_answers VALIDATE CONSTRAINT survey_answers_kind_check;
