"""Years of the bureau in minutes: a seeded life, lived through the verbs alone, day by day under a moved clock.

It is made of the same kind of stories as the demo's life (``demo_life``); how many there are, and when they begin,
is drawn from the seed.  The same seed lives the same life.
"""
