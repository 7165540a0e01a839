ALTER TABLE blocks ADD COLUMN leaf_hashes {bytes};
