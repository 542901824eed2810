"""Demonstration data: an invented province at work, the same on every machine.

    agencies/data/*.json --> agencies ---+
    procedures.json ------> procedures --+--> dossiers --> source-system events, ready to be posted
    names ----------------> persons -----+       |
                            staff                +-- routes (what may happen), office (when it can happen)

Everything here is pure: the same seed and the same `now` give the same bytes; nothing asks the clock or the network. Every person
and every personal number is invented; agencies and procedures are public facts.
"""
