CREATE TABLE refunds (
  member_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  partner_id {uuid} NOT NULL,
  transaction_id {uuid} NOT NULL,
  external_id TEXT NOT NULL,
  occurred_at {int} NOT NULL,
  recorded_at {int} NOT NULL,
  amount {int} NOT NULL CHECK (amount >= 0),
  body TEXT NOT NULL,
  evaluations TEXT NOT NULL,
  commit_id {uuid} NOT NULL,
  PRIMARY KEY (member_id, id)
) {table};
CREATE INDEX refunds_partner ON refunds (partner_id, id);
CREATE INDEX refunds_transaction ON refunds (member_id, transaction_id);
