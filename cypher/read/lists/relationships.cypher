// name: relationships
// why: Relationships between things, filtered, a page at a time.
// slot: match
// slot: filter
// slot: key
// param: types list of string = null Relationship types.
// param: entity string = null Id of the subject or the object.
// param: subject string = null Id of the subject.
// param: object string = null Id of the object.
// param: subject_kinds list of string = null Kinds of the subject, or ancestors of them.
// param: object_kinds list of string = null Kinds of the object, or ancestors of them.
// param: other_subjects list of string Subjects of whose kind the opposite was true at that instant.
// param: other_objects list of string Objects of whose kind the opposite was true at that instant.
// param: min_amount_krw integer = null Least amount in won.
// param: max_amount_krw integer = null Largest amount in won.
// param: modality string = null actual or planned.
// param: basis string = null stated or implied.
// param: as_of date = null Only what this day does not rule out.
// param: certain_only boolean = false Only what is dated without doubt.
// param: known_at string = null Only what was recorded by this instant.
// param: after_key string = null Sort key of the last row seen (an integer when sorted by amount).
// param: after_id string = null Id of the last row seen.
// param: limit integer Most rows.
// returns: rows any Each a list of subject, type, object, properties, and the names (id, kind, name, name_en and aliases) of both ends. All rows in one record, since the driver reads each record from its connection by itself; as lists, since the embedded engine confuses maps within maps here.
__MATCH__
WHERE __FILTER__
WITH s, r, o, __KEY__ AS key
WHERE $after_id IS NULL OR key < $after_key OR (key = $after_key AND r.id > $after_id)
WITH s, r, o, key
ORDER BY key DESC, r.id
LIMIT $limit
RETURN collect([
  s.id, type(r), o.id, properties(r),
  [s {.id, .kind, .name, .name_en, .aliases}, o {.id, .kind, .name, .name_en, .aliases}]
]) AS rows
