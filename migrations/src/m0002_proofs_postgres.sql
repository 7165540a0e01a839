ALTER TABLE blocks ALTER COLUMN leaf_hashes SET STORAGE EXTERNAL;
CREATE INDEX transfers_ids ON transfers USING brin (id, recorded_at);
