UPDATE balances SET active_at = (
  SELECT MAX(a.at) FROM (
    SELECT t.occurred_at AS at FROM transactions t WHERE t.member_id = balances.member_id
    UNION ALL SELECT e.effective_at FROM transfers e WHERE e.member_id = balances.member_id AND e.kind IN (6, 8)
  ) AS a
);
