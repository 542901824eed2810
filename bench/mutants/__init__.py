"""How many small mistakes in `auth/` the tests notice: a seeded sample of mutants, each asked of the tests that run its line.

    python -m bench.mutants --sample 150 --seed 4 --seconds 2700

    making.py    what a mistake is: one operator, constant, condition, answer or call at a time; nothing that is only words
    seen.py      once, over all tests of sign-in and without a mutant: which test runs which line of `auth/`, and how long it takes
    choosing.py  for a mutant: the tests that run its line; for a line that runs when its module is imported: those of the module
    nursery.py   a process that has imported what is not ours, and forks a fresh test run for each mutant
    rate.py      what the fates say, with their interval

One mongod in memory serves all of it; its databases are dropped between mutants. Everything runs in a copy of the tree. Killed is a
mutant when a test fails that passes without it; whatever is not proven to be noticed counts as having lived: a line no test runs,
and tests that were not through when their time was over.
"""
