ALTER TABLE balances ADD COLUMN active_at {int};

ALTER TABLE lots ADD COLUMN sliding TEXT;
ALTER TABLE lots ADD COLUMN campaign TEXT;
ALTER TABLE lots ADD COLUMN decided_by {uuid};

ALTER TABLE redemptions ADD COLUMN campaign TEXT;

ALTER TABLE vouchers ADD COLUMN commit_id {uuid} NOT NULL DEFAULT {nil};

CREATE TABLE prices (
  partner_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  from_at {int} NOT NULL,
  issue_price {int} NOT NULL CHECK (issue_price >= 0),
  redeem_price {int} NOT NULL CHECK (redeem_price >= 0),
  commit_id {uuid} NOT NULL,
  PRIMARY KEY (partner_id, id)
) {rows};

CREATE TABLE captures (
  member_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  redemption_id {uuid} NOT NULL,
  partner_id {uuid} NOT NULL,
  points {int} NOT NULL CHECK (points > 0),
  value {int} NOT NULL CHECK (value >= 0),
  currency TEXT NOT NULL,
  settlement_value {int} NOT NULL CHECK (settlement_value >= 0),
  recorded_at {int} NOT NULL,
  commit_id {uuid} NOT NULL,
  PRIMARY KEY (member_id, id)
) {rows};

CREATE TABLE qualifying (
  member_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  partner_id {uuid} NOT NULL,
  counts TEXT NOT NULL,
  occurred_at {int} NOT NULL,
  amount {int} NOT NULL,
  subject_id {uuid} NOT NULL,
  recorded_at {int} NOT NULL,
  commit_id {uuid} NOT NULL,
  PRIMARY KEY (member_id, id)
) {rows};

CREATE TABLE campaigns (
  id {uuid} NOT NULL,
  version {int} NOT NULL,
  slug TEXT NOT NULL,
  budget_points {int} NOT NULL CHECK (budget_points >= 0),
  from_at {int} NOT NULL,
  to_at {int} NOT NULL,
  closed {bool} NOT NULL,
  recorded_at {int} NOT NULL,
  commit_id {uuid} NOT NULL,
  PRIMARY KEY (id, version),
  CHECK (from_at < to_at)
) {table};
CREATE UNIQUE INDEX campaigns_slug ON campaigns (slug, version);

CREATE TABLE campaign_shares (
  campaign_id {uuid} NOT NULL,
  partner_id {uuid} NOT NULL,
  basis_points {int} NOT NULL CHECK (basis_points BETWEEN 1 AND 10000),
  commit_id {uuid} NOT NULL,
  PRIMARY KEY (campaign_id, partner_id)
) {rows};
CREATE INDEX campaign_shares_partner ON campaign_shares (partner_id);

CREATE TABLE announcements (
  member_id {uuid} NOT NULL,
  kind TEXT NOT NULL,
  at {int} NOT NULL,
  points {int} NOT NULL,
  recorded_at {int} NOT NULL,
  PRIMARY KEY (member_id, kind, at)
) {rows};

CREATE TABLE announced (
  member_id {uuid} NOT NULL PRIMARY KEY,
  looked_at {int} NOT NULL
) {hot};

CREATE INDEX transfers_expiries ON transfers (effective_at) WHERE kind = 5;
