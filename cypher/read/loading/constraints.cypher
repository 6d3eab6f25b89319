// name: constraints
// why: What the database keeps unique, for the doctor.
// returns: type string Kind of constraint.
// returns: names list of string Labels or relationship types.
// returns: properties list of string What is constrained.
SHOW CONSTRAINTS YIELD type, labelsOrTypes, properties
RETURN type, labelsOrTypes AS names, properties
