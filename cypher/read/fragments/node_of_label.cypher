MATCH (r:__LABEL__)
