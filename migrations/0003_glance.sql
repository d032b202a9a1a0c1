-- A company's plan in numbers, as the last read of both sides had it: what its pod shows before anything is
-- pressed. There are counts in it, no keys.
CREATE TABLE glance (
    installation TEXT   NOT NULL,
    company      BIGINT NOT NULL,
    -- When both sides were read.
    seen_at      BIGINT NOT NULL,
    -- Whether they agreed (1), and since when that is so.
    agrees       BIGINT NOT NULL,
    since        BIGINT NOT NULL,
    -- JSON: how many rows there are of each kind.
    counts       TEXT   NOT NULL,
    PRIMARY KEY (installation, company)
);
