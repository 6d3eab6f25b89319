// name: server
// why: What kind of server this is, for the doctor.
// returns: name string The component.
// returns: versions list of string Its versions.
// returns: edition string community or enterprise.
CALL dbms.components() YIELD name, versions, edition
RETURN name, versions, edition
