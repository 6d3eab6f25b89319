r.recorded_at + $rank
