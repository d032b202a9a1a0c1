-- The database's own time, seconds since 1970: what leases go by, whatever the replicas' clocks say.
CREATE VIEW clock AS SELECT CAST(strftime('%s', 'now') AS BIGINT) AS seconds;
