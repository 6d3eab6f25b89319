// name: unique_node
// why: An id names one node of a label, and looking it up is fast.
// slot: name
// slot: label
CREATE CONSTRAINT __NAME__ IF NOT EXISTS FOR (n:__LABEL__) REQUIRE n.id IS UNIQUE
