// name: loads
// why: The loads between two instants, oldest first, with how much each added, changed and retracted.
// param: since string = null Only after this instant.
// param: until string = null Only up to this instant.
// returns: properties map Everything each load carries.
MATCH (l:Load)
WHERE __NODE(l)__ AND ($since IS NULL OR l.at > $since) AND ($until IS NULL OR l.at <= $until)
RETURN properties(l) AS properties
ORDER BY l.version
