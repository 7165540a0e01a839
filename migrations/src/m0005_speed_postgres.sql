CREATE INDEX refunds_charged ON refunds (member_id) WHERE strpos(evaluations, '"charged":') > 0;
ALTER TABLE profiles SET (fillfactor = 70);
