<-[r:__TYPES__]-
