INSERT INTO prices SELECT partner_id, gen_random_uuid(), from_at, issue_price, redeem_price, {nil} FROM partner_prices;
