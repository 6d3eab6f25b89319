e.recorded_at
