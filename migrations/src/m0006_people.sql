ALTER TABLE members ADD COLUMN household_id {uuid};
ALTER TABLE members ADD COLUMN pooled {bool} NOT NULL DEFAULT FALSE;
CREATE INDEX members_household ON members (household_id) WHERE household_id IS NOT NULL;
CREATE INDEX members_merged ON members (merged_into) WHERE merged_into IS NOT NULL;

CREATE TABLE gifts (
  member_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  to_id {uuid} NOT NULL,
  points {int} NOT NULL CHECK (points > 0),
  external_id TEXT,
  requested_by TEXT NOT NULL,
  recorded_at {int} NOT NULL,
  commit_id {uuid} NOT NULL,
  PRIMARY KEY (member_id, id),
  CHECK (member_id <> to_id)
) {rows};
CREATE INDEX gifts_id ON gifts (id);

CREATE TABLE merges (
  member_id {uuid} NOT NULL PRIMARY KEY,
  id {uuid} NOT NULL,
  into_id {uuid} NOT NULL,
  requested_by TEXT NOT NULL,
  recorded_at {int} NOT NULL,
  commit_id {uuid} NOT NULL,
  CHECK (member_id <> into_id)
) {rows};
CREATE INDEX merges_into ON merges (into_id);

CREATE TABLE closings (
  member_id {uuid} NOT NULL PRIMARY KEY,
  id {uuid} NOT NULL,
  available {int} NOT NULL CHECK (available >= 0),
  pending {int} NOT NULL CHECK (pending >= 0),
  arrears {int} NOT NULL CHECK (arrears >= 0),
  requested_by TEXT NOT NULL,
  recorded_at {int} NOT NULL,
  commit_id {uuid} NOT NULL
) {rows};

CREATE TABLE households (
  id {uuid} NOT NULL PRIMARY KEY,
  name TEXT,
  created_at {int} NOT NULL
) {table};

CREATE TABLE household_changes (
  member_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  household_id {uuid} NOT NULL,
  step TEXT NOT NULL,
  requested_by TEXT NOT NULL,
  recorded_at {int} NOT NULL,
  commit_id {uuid} NOT NULL,
  PRIMARY KEY (member_id, id)
) {rows};
CREATE INDEX household_changes_household ON household_changes (household_id, id);

CREATE TABLE invitations (
  household_id {uuid} NOT NULL,
  member_id {uuid} NOT NULL,
  invited_by {uuid} NOT NULL,
  expires_at {int} NOT NULL,
  PRIMARY KEY (household_id, member_id)
) {rows};
CREATE INDEX invitations_member ON invitations (member_id);

CREATE TABLE redemption_shares (
  member_id {uuid} NOT NULL,
  redemption_id {uuid} NOT NULL,
  redeemer_id {uuid} NOT NULL,
  partner_id {uuid} NOT NULL,
  points {int} NOT NULL CHECK (points >= 0),
  hold_until {int} NOT NULL,
  commit_id {uuid} NOT NULL,
  PRIMARY KEY (member_id, redemption_id)
) {rows};
CREATE INDEX redemption_shares_redemption ON redemption_shares (redemption_id);
