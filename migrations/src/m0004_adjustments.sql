CREATE TABLE adjustments (
  member_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  points {int} NOT NULL CHECK (points <> 0),
  reason TEXT NOT NULL,
  requested_by TEXT NOT NULL,
  requested_at {int} NOT NULL,
  approved_by TEXT,
  recorded_at {int} NOT NULL,
  commit_id {uuid} NOT NULL,
  PRIMARY KEY (member_id, id)
) {rows};
CREATE TABLE adjustment_requests (
  id {uuid} NOT NULL PRIMARY KEY,
  member_id {uuid} NOT NULL,
  points {int} NOT NULL CHECK (points <> 0),
  reason TEXT NOT NULL,
  requested_by TEXT NOT NULL,
  requested_at {int} NOT NULL,
  status TEXT NOT NULL,
  decided_by TEXT,
  decided_at {int}
) {table};
