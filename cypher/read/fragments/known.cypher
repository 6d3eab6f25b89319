($known_at IS NULL OR r.recorded_at <= $known_at)
