CREATE TABLE program (
  id {int} NOT NULL PRIMARY KEY CHECK (id = 1),
  name TEXT NOT NULL,
  points_name TEXT NOT NULL,
  base_currency TEXT NOT NULL,
  time_zone TEXT NOT NULL,
  test {bool} NOT NULL,
  business_now {int},
  secret {bytes} NOT NULL,
  settings TEXT NOT NULL,
  created_at {int} NOT NULL
) {table};

CREATE TABLE partners (
  id {uuid} NOT NULL PRIMARY KEY,
  slug TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  currency TEXT NOT NULL,
  is_operator {bool} NOT NULL,
  status TEXT NOT NULL,
  funding TEXT NOT NULL,
  credit_limit {int} CHECK (credit_limit >= 0),
  cap_transaction {int} CHECK (cap_transaction >= 0),
  cap_member_day {int} CHECK (cap_member_day >= 0),
  cap_day {int} CHECK (cap_day >= 0),
  plugin_epoch {int} NOT NULL,
  created_at {int} NOT NULL,
  updated_at {int} NOT NULL
) {table};

CREATE TABLE partner_prices (
  partner_id {uuid} NOT NULL,
  from_at {int} NOT NULL,
  issue_price {int} NOT NULL CHECK (issue_price >= 0),
  redeem_price {int} NOT NULL CHECK (redeem_price >= 0),
  PRIMARY KEY (partner_id, from_at)
) {rows};

CREATE TABLE clients (
  id TEXT NOT NULL PRIMARY KEY,
  partner_id {uuid},
  role TEXT NOT NULL,
  secret_hash {bytes} NOT NULL,
  scopes TEXT NOT NULL,
  created_at {int} NOT NULL,
  revoked_at {int}
) {table};

CREATE TABLE signing_keys (
  kid TEXT NOT NULL PRIMARY KEY,
  private_key {bytes} NOT NULL,
  public_key {bytes} NOT NULL,
  created_at {int} NOT NULL,
  retires_at {int}
) {table};

CREATE TABLE members (
  id {uuid} NOT NULL PRIMARY KEY,
  card TEXT UNIQUE,
  enrolled_at {int} NOT NULL,
  enrolled_by {uuid},
  referred_by {uuid},
  status TEXT NOT NULL,
  merged_into {uuid}
) {table};

CREATE TABLE personal (
  member_id {uuid} NOT NULL PRIMARY KEY,
  email TEXT,
  name TEXT,
  birthday TEXT,
  attributes TEXT NOT NULL
) {table};

CREATE TABLE balances (
  member_id {uuid} NOT NULL PRIMARY KEY,
  version {int} NOT NULL,
  pending {int} NOT NULL CHECK (pending >= 0),
  available {int} NOT NULL CHECK (available >= 0),
  held {int} NOT NULL CHECK (held >= 0),
  arrears {int} NOT NULL CHECK (arrears >= 0),
  next_change_at {int},
  recorded_at {int} NOT NULL,
  CHECK (available = 0 OR arrears = 0)
) {hot};

CREATE TABLE profiles (
  member_id {uuid} NOT NULL,
  partner_id {uuid} NOT NULL,
  alias TEXT,
  linked_at {int} NOT NULL,
  facts TEXT NOT NULL,
  state_version {int} NOT NULL,
  PRIMARY KEY (member_id, partner_id)
) {table};
CREATE UNIQUE INDEX profiles_alias ON profiles (partner_id, alias) WHERE alias IS NOT NULL;

CREATE TABLE states (
  member_id {uuid} NOT NULL,
  partner_id {uuid} NOT NULL,
  version {int} NOT NULL,
  bytes {bytes} NOT NULL,
  commit_id {uuid} NOT NULL,
  PRIMARY KEY (member_id, partner_id, version)
) {table};

CREATE TABLE transactions (
  member_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  partner_id {uuid} NOT NULL,
  external_id TEXT NOT NULL,
  occurred_at {int} NOT NULL,
  recorded_at {int} NOT NULL,
  status TEXT NOT NULL,
  total {int} NOT NULL CHECK (total >= 0),
  body TEXT NOT NULL,
  commit_id {uuid} NOT NULL,
  PRIMARY KEY (member_id, id)
) {table};
CREATE INDEX transactions_partner ON transactions (partner_id, id);

CREATE TABLE decisions (
  member_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  partner_id {uuid} NOT NULL,
  kind TEXT NOT NULL,
  subject_id {uuid} NOT NULL,
  plugin_id {uuid} NOT NULL,
  digest {bytes} NOT NULL,
  config_id {bytes} NOT NULL,
  contract TEXT NOT NULL,
  engine TEXT NOT NULL,
  status TEXT NOT NULL,
  fuel {int} NOT NULL,
  view TEXT NOT NULL,
  output TEXT NOT NULL,
  capped {int} NOT NULL,
  state_before {int} NOT NULL,
  state_after {int} NOT NULL,
  recorded_at {int} NOT NULL,
  commit_id {uuid} NOT NULL,
  PRIMARY KEY (member_id, id)
) {table};
CREATE INDEX decisions_partner ON decisions (partner_id, id);

CREATE TABLE transfers (
  member_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  kind {int} NOT NULL,
  from_account {int} NOT NULL,
  to_account {int} NOT NULL,
  partner_id {uuid},
  points {int} NOT NULL CHECK (points > 0),
  lot_id {uuid},
  subject_id {uuid},
  decision_id {uuid},
  reason TEXT,
  effective_at {int} NOT NULL,
  recorded_at {int} NOT NULL,
  commit_id {uuid} NOT NULL,
  PRIMARY KEY (member_id, id),
  CHECK (from_account <> to_account)
) {rows};

CREATE TABLE lots (
  member_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  issuer_id {uuid} NOT NULL,
  points {int} NOT NULL CHECK (points > 0),
  remaining {int} NOT NULL CHECK (remaining >= 0),
  held {int} NOT NULL CHECK (held >= 0),
  pending {bool} NOT NULL,
  available_at {int},
  action TEXT,
  expires_at {int},
  earned_at {int} NOT NULL,
  price {int} NOT NULL,
  award_key TEXT NOT NULL,
  plugin_id {uuid} NOT NULL,
  decision_id {uuid} NOT NULL,
  transaction_id {uuid} NOT NULL,
  parent_id {uuid},
  commit_id {uuid} NOT NULL,
  PRIMARY KEY (member_id, id),
  CHECK (remaining + held <= points)
) {hot};

CREATE TABLE allocations (
  member_id {uuid} NOT NULL,
  transfer_id {uuid} NOT NULL,
  ordinal {int} NOT NULL,
  lot_id {uuid} NOT NULL,
  redemption_id {uuid} NOT NULL,
  points {int} NOT NULL CHECK (points > 0),
  commit_id {uuid} NOT NULL,
  PRIMARY KEY (member_id, transfer_id, ordinal)
) {rows};

CREATE TABLE redemptions (
  member_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  partner_id {uuid} NOT NULL,
  reward TEXT NOT NULL,
  quantity {int} NOT NULL,
  points {int} NOT NULL CHECK (points > 0),
  value {int} NOT NULL CHECK (value >= 0),
  currency TEXT NOT NULL,
  settlement_value {int} NOT NULL CHECK (settlement_value >= 0),
  title TEXT NOT NULL,
  till TEXT NOT NULL,
  external_id TEXT,
  code TEXT NOT NULL UNIQUE,
  held_at {int} NOT NULL,
  hold_until {int} NOT NULL,
  stocked {bool} NOT NULL,
  decision_id {uuid} NOT NULL,
  status TEXT NOT NULL,
  captured_points {int} NOT NULL CHECK (captured_points >= 0),
  captured_value {int} NOT NULL CHECK (captured_value >= 0),
  reversed_points {int} NOT NULL CHECK (reversed_points >= 0 AND reversed_points <= captured_points),
  commit_id {uuid} NOT NULL,
  PRIMARY KEY (member_id, id),
  CHECK (captured_points <= points)
) {hot};
CREATE INDEX redemptions_partner ON redemptions (partner_id, id);
CREATE INDEX redemptions_held ON redemptions (hold_until) WHERE status = 'held';

CREATE TABLE vouchers (
  member_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  partner_id {uuid} NOT NULL,
  template TEXT NOT NULL,
  voucher_key TEXT NOT NULL,
  code TEXT NOT NULL UNIQUE,
  value {int},
  currency TEXT,
  expires_at {int},
  status TEXT NOT NULL,
  reason TEXT NOT NULL,
  attributes TEXT NOT NULL,
  decision_id {uuid} NOT NULL,
  created_at {int} NOT NULL,
  PRIMARY KEY (member_id, id)
) {table};

CREATE TABLE badges (
  member_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  partner_id {uuid} NOT NULL,
  badge TEXT NOT NULL,
  period TEXT NOT NULL,
  step TEXT NOT NULL,
  decision_id {uuid} NOT NULL,
  recorded_at {int} NOT NULL,
  commit_id {uuid} NOT NULL,
  PRIMARY KEY (member_id, id)
) {rows};

CREATE TABLE tier_changes (
  member_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  partner_id {uuid} NOT NULL,
  tier TEXT,
  until_at {int},
  reason TEXT NOT NULL,
  decision_id {uuid} NOT NULL,
  recorded_at {int} NOT NULL,
  commit_id {uuid} NOT NULL,
  PRIMARY KEY (member_id, id)
) {rows};

CREATE TABLE messages (
  member_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  partner_id {uuid} NOT NULL,
  message TEXT NOT NULL,
  plugin_id {uuid} NOT NULL,
  decision_id {uuid} NOT NULL,
  recorded_at {int} NOT NULL,
  PRIMARY KEY (member_id, id)
) {rows};

CREATE TABLE business_ids (
  partner_id {uuid} NOT NULL,
  kind {int} NOT NULL,
  external_id TEXT NOT NULL,
  body_hash {bytes} NOT NULL,
  member_id {uuid} NOT NULL,
  subject_id {uuid} NOT NULL,
  answer TEXT NOT NULL,
  recorded_at {int} NOT NULL,
  PRIMARY KEY (partner_id, kind, external_id)
) {table};

CREATE TABLE idempotency_keys (
  client_id TEXT NOT NULL,
  scope TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  body_hash {bytes} NOT NULL,
  status {int} NOT NULL,
  answer TEXT NOT NULL,
  created_at {int} NOT NULL,
  PRIMARY KEY (client_id, scope, idempotency_key)
) {table};
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);

CREATE TABLE artifacts (
  digest {bytes} NOT NULL PRIMARY KEY,
  bytes {bytes} NOT NULL
) {table};

CREATE TABLE plugins (
  id {uuid} NOT NULL PRIMARY KEY,
  partner_id {uuid} NOT NULL,
  name TEXT NOT NULL,
  version TEXT NOT NULL,
  digest {bytes} NOT NULL,
  class TEXT NOT NULL,
  contract TEXT NOT NULL,
  status TEXT NOT NULL,
  manifest TEXT NOT NULL,
  size {int} NOT NULL,
  created_at {int} NOT NULL
) {table};
CREATE UNIQUE INDEX plugins_digest ON plugins (partner_id, digest);

CREATE TABLE plugin_runs (
  plugin_id {uuid} NOT NULL,
  gateway_id {uuid} NOT NULL,
  calls {int} NOT NULL,
  traps {int} NOT NULL,
  fuel_max {int} NOT NULL,
  fuel_histogram TEXT NOT NULL,
  PRIMARY KEY (plugin_id, gateway_id)
) {hot};

CREATE TABLE configs (
  id {bytes} NOT NULL PRIMARY KEY,
  body TEXT NOT NULL
) {table};

CREATE TABLE activations (
  id {uuid} NOT NULL PRIMARY KEY,
  partner_id {uuid} NOT NULL,
  plugin_id {uuid} NOT NULL,
  config_id {bytes} NOT NULL,
  mode TEXT NOT NULL,
  manifest TEXT NOT NULL,
  starts_at {int} NOT NULL,
  ended_at {int},
  created_at {int} NOT NULL
) {table};
CREATE INDEX activations_partner ON activations (partner_id, starts_at);

CREATE TABLE stock (
  partner_id {uuid} NOT NULL,
  reward TEXT NOT NULL,
  remaining {int} NOT NULL CHECK (remaining >= 0),
  PRIMARY KEY (partner_id, reward)
) {hot};

CREATE TABLE limits (
  partner_id {uuid} NOT NULL,
  name TEXT NOT NULL,
  used {int} NOT NULL CHECK (used >= 0),
  PRIMARY KEY (partner_id, name)
) {hot};

CREATE TABLE deferrals (
  member_id {uuid} NOT NULL,
  partner_id {uuid} NOT NULL,
  transaction_id {uuid} NOT NULL,
  decision_id {uuid} NOT NULL,
  failure TEXT NOT NULL,
  attempts {int} NOT NULL,
  retry_at {int} NOT NULL,
  recorded_at {int} NOT NULL,
  PRIMARY KEY (member_id, partner_id, transaction_id)
) {table};
CREATE INDEX deferrals_due ON deferrals (retry_at);

CREATE TABLE blocks (
  height {int} NOT NULL PRIMARY KEY,
  commit_id {uuid} NOT NULL UNIQUE,
  previous {bytes} NOT NULL,
  root {bytes} NOT NULL,
  hash {bytes} NOT NULL,
  leaves {int} NOT NULL,
  recorded_at {int} NOT NULL
) {table};

CREATE TABLE chain_head (
  id {int} NOT NULL PRIMARY KEY CHECK (id = 1),
  height {int} NOT NULL,
  hash {bytes} NOT NULL
) {hot};
INSERT INTO chain_head (id, height, hash) VALUES (1, 0, {zeros});

CREATE TABLE audit (
  id {uuid} NOT NULL PRIMARY KEY,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail TEXT NOT NULL,
  recorded_at {int} NOT NULL
) {table};

CREATE TABLE member_codes (
  code_hash {bytes} NOT NULL PRIMARY KEY,
  member_id {uuid} NOT NULL,
  partner_id {uuid},
  expires_at {int} NOT NULL,
  used_at {int}
) {table};
