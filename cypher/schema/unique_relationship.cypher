// name: unique_relationship
// why: An id names one relationship of a type, and looking it up is fast.
// slot: name
// slot: type
CREATE CONSTRAINT __NAME__ IF NOT EXISTS FOR ()-[r:__TYPE__]-() REQUIRE r.id IS UNIQUE
