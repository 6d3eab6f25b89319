// name: node_index
// why: A property that reads seek or sort by.
// slot: name
// slot: label
// slot: property
CREATE INDEX __NAME__ IF NOT EXISTS FOR (n:__LABEL__) ON (n.__PROPERTY__)
