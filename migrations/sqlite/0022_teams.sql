-- The team that a person works in; averages of the portfolio are told by it.
ALTER TABLE users ADD COLUMN team TEXT;
