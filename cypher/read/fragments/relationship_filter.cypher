__LINK(r)__ AND __NODE(s)__ AND __NODE(o)__
  AND ($types IS NULL OR type(r) IN $types)
  AND ($subject IS NULL OR s.id = $subject)
  AND ($object IS NULL OR o.id = $object)
  AND ($subject_kinds IS NULL OR any(kind IN $subject_kinds WHERE kind IN labels(s)) <> (s.id IN $other_subjects))
  AND ($object_kinds IS NULL OR any(kind IN $object_kinds WHERE kind IN labels(o)) <> (o.id IN $other_objects))
  AND ($min_amount_krw IS NULL OR r.amount_krw >= $min_amount_krw)
  AND ($max_amount_krw IS NULL OR r.amount_krw <= $max_amount_krw)
  AND ($modality IS NULL OR r.modality = $modality)
  AND ($basis IS NULL OR r.basis = $basis)
  AND __KNOWN__
  AND __HOLDS__
