CREATE INDEX refunds_charged ON refunds (member_id) WHERE instr(evaluations, '"charged":') > 0;
