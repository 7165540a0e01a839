CREATE INDEX transfers_ids ON transfers (id);
CREATE INDEX transfers_partner ON transfers (partner_id, id) WHERE partner_id IS NOT NULL;
INSERT INTO prices SELECT partner_id, randomblob(16), from_at, issue_price, redeem_price, {nil} FROM partner_prices;
