($funder IS NULL OR $funder IN r.funders)
  AND ($recipient IS NULL OR $recipient IN r.recipients)
  AND ($program IS NULL OR r.program = $program)
  AND ($min_amount_krw IS NULL OR r.amount_krw >= $min_amount_krw)
  AND ($max_amount_krw IS NULL OR r.amount_krw <= $max_amount_krw)
  AND __HOLDS__
