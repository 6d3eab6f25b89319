// name: relationship_count
// why: How many relationships a filter leaves.
// slot: match
// slot: filter
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
// returns: total integer Their number.
__MATCH__
WHERE __FILTER__
RETURN count(r) AS total
