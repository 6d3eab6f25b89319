"""What a fact is: entities, relationships, fundings, observations, money, periods, evidence.

Pure values: immutable, closed to unknown keys, without I/O, and ignorant of any database.
"""
