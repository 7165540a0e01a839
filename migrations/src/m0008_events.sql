CREATE TABLE events (
  member_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  partner_id {uuid} NOT NULL,
  kind TEXT NOT NULL,
  external_id TEXT,
  cause_id {uuid},
  occurred_at {int} NOT NULL,
  recorded_at {int} NOT NULL,
  status TEXT NOT NULL,
  body TEXT NOT NULL,
  commit_id {uuid} NOT NULL,
  PRIMARY KEY (member_id, id)
) {table};
CREATE INDEX events_activities ON events (partner_id, id) WHERE kind = 'activity';
CREATE INDEX events_signals ON events (cause_id) WHERE kind = 'signal';
ALTER TABLE members ADD COLUMN enroller_id {uuid};
ALTER TABLE members ADD COLUMN relations_fixed_at {int};
ALTER TABLE members ADD COLUMN referred_count {int} NOT NULL DEFAULT 0;
ALTER TABLE members ADD COLUMN enrolled_count {int} NOT NULL DEFAULT 0;
CREATE INDEX members_referred ON members (referred_by) WHERE referred_by IS NOT NULL;
CREATE INDEX members_enrolled ON members (enroller_id) WHERE enroller_id IS NOT NULL;
UPDATE members SET referred_count = (SELECT COUNT(*) FROM members brought WHERE brought.referred_by = members.id)
  WHERE id IN (SELECT referred_by FROM members WHERE referred_by IS NOT NULL);
CREATE INDEX members_since ON members (enrolled_at);
CREATE INDEX personal_birthday ON personal (substr(birthday, 6));
CREATE INDEX profiles_partner ON profiles (partner_id, member_id);
ALTER TABLE partners ADD COLUMN subscription TEXT;
CREATE TABLE consents (
  member_id {uuid} NOT NULL,
  partner_id {uuid} NOT NULL,
  facts TEXT NOT NULL,
  changed_at {int} NOT NULL,
  PRIMARY KEY (member_id, partner_id)
) {table};
CREATE TABLE schedule (
  name TEXT NOT NULL PRIMARY KEY,
  done {int} NOT NULL,
  body TEXT NOT NULL
) {table};
