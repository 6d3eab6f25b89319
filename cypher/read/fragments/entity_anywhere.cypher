MATCH (e:__LABEL__)
