-- Whether a run is about one person only. A release that does not know it takes such a run for one that a
-- person approved, which it is as well.
ALTER TABLE run ADD COLUMN one_person BIGINT NOT NULL DEFAULT 0;
