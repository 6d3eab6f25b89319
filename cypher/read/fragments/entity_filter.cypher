$prefix IS NULL
  OR toLower(e.name) STARTS WITH $prefix
  OR toLower(e.name_en) STARTS WITH $prefix
  OR any(alias IN e.aliases WHERE toLower(alias) STARTS WITH $prefix)
